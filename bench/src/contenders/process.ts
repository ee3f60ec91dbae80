import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import type { Subscribable } from '../load/audience.ts';
import type { Boxes } from '../load/boxes.ts';
import {
  type ContenderName,
  type optionsSchema,
  type Question,
  startedSchema,
  type Usage,
  usageSchema,
} from './contender.ts';

type Options = z.input<typeof optionsSchema>;

export interface StartOptions extends Pick<Options, 'journalPath' | 'pictureStore' | 'cluster'> {
  /** The core that the process may run on; undefined: any. */
  readonly core: number | undefined;
  /** What the bare broadcast sends for each event. Default: nothing that a client understands. */
  readonly answer?: string;
  /** Whether the gateway asks for pictures whoever subscribes. Default false. */
  readonly capturesAlways?: boolean;
}

/** For a server to exit by itself once its channel is closed, in ms. */
const EXIT_GRACE_MS = 2_000;

/** Buffers count as memory as in the gateway's command with few of them: the same for all. */
const NODE_OPTIONS = [
  '--conditions=@se5/source',
  '--expose-gc',
  '--external-memory-accounted-in-global-limit',
];

/** A contender's server in a process of its own. It ends when it is disposed of, and with this process. */
export class Contender implements Subscribable, AsyncDisposable {
  readonly name: ContenderName;
  readonly boxes: Boxes;
  readonly asksAlways: boolean;
  readonly #process: ChildProcess;
  readonly #ended: Promise<never>;
  #port = 0;

  /** Settles when it listens to the boxes, and can be subscribed to. */
  static async start(
    name: ContenderName,
    boxes: Boxes,
    { core, answer = '', capturesAlways = false, ...options }: StartOptions,
  ): Promise<Contender> {
    // The peers have no way to change their mind, so they ask from the beginning.
    const pictures = name === 'gateway' ? capturesAlways : boxes.event.hasPictures;
    await using owned = new AsyncDisposableStack();
    const contender = owned.use(new Contender(name, boxes, pictures, core));
    const all: Options = { ...options, boxes: boxes.ports, pictures, answer };
    contender.#port = (await contender.#ask(all, startedSchema)).port;
    await boxes.configured(pictures);
    owned.move();
    return contender;
  }

  private constructor(
    name: ContenderName,
    boxes: Boxes,
    asksAlways: boolean,
    core: number | undefined,
  ) {
    this.name = name;
    this.boxes = boxes;
    this.asksAlways = asksAlways;
    const path = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
    const node = [process.execPath, ...NODE_OPTIONS, path];
    const [command = '', ...args] =
      core === undefined ? node : ['taskset', '--cpu-list', String(core), ...node];
    this.#process = spawn(command, args, {
      // What a server prints must not get into the table.
      stdio: ['ignore', 2, 2, 'ipc'],
      env: { ...process.env, NODE_ENV: 'production' },
    });
    this.#ended = once(this.#process, 'exit').then(([code, signal]) => {
      throw new Error(`the server of ${name} ended with ${signal ?? code}`);
    });
    // A question that has no answer reports it.
    this.#ended.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get port(): number {
    return this.#port;
  }

  get isBare(): boolean {
    return this.name === 'bare';
  }

  usage(question: Question = 'usage'): Promise<Usage> {
    return this.#ask(question, usageSchema);
  }

  /** Ends it as a power cut would. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    const impatience = setTimeout(() => this.#process.kill('SIGKILL'), EXIT_GRACE_MS);
    await this.#ended.catch(() => undefined);
    clearTimeout(impatience);
  }

  /** One question at a time: the next message is the answer. @throws when the process ends. */
  #ask<T>(question: Options | Question, schema: z.ZodType<T>): Promise<T> {
    const answered = once(this.#process, 'message').then(([answer]) => schema.parse(answer));
    if (this.#process.connected) this.#process.send(question);
    return Promise.race([answered, this.#ended]);
  }
}
