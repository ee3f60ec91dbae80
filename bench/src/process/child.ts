import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Methods, type Request, replySchema } from './methods.ts';

/** Longer than any one thing that a child is asked for should take, on a busy machine too, in ms. */
const ANSWER_MS = 120_000;

/** For a child to exit by itself once its channel is closed, in ms. */
const EXIT_GRACE_MS = 2_000;

export interface ChildOptions {
  /** The one core that it may run on; undefined: any. */
  readonly core: number | undefined;
}

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Buffers count as memory as in the gateway's command with few of them: the same for all. */
const NODE_OPTIONS = [
  '--conditions=@se5/source',
  '--expose-gc',
  '--external-memory-accounted-in-global-limit',
];

const running = new Set<ChildProcess>();

// When this process is killed so that it can't do this, its children see that it is gone.
process.on('exit', () => {
  for (const child of running) child.kill();
});

/**
 * A Node process that runs one module and answers questions (`answerParent`). It ends when it
 * is disposed of, and with this process.
 */
export class Child<M extends Methods> implements AsyncDisposable {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(module: URL, { core }: ChildOptions) {
    const path = fileURLToPath(module);
    this.#name = path.split('/').slice(-2).join('/');
    const node = [process.execPath, ...NODE_OPTIONS, path];
    const [command = '', ...args] =
      core === undefined ? node : ['taskset', '--cpu-list', String(core), ...node];
    this.#process = spawn(command, args, {
      // What a child prints must not get into the table.
      stdio: ['ignore', 2, 2, 'ipc'],
      serialization: 'advanced',
      env: { ...process.env, NODE_ENV: 'production' },
    });
    running.add(this.#process);
    this.#exited = once(this.#process, 'exit').catch(() => undefined);
    this.#process
      .on('message', (message) => this.#answered(message))
      .on('error', (error) => this.#ended(error.message))
      .on('exit', (code, signal) => this.#ended(`exited with ${signal ?? code}`));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** @throws what the method throws, or an Error when the child ends or takes too long. */
  async call<Name extends keyof M & string>(
    method: Name,
    ...[input]: Parameters<M[Name]>
  ): Promise<Awaited<ReturnType<M[Name]>>> {
    this.#asked += 1;
    const request: Request = { id: this.#asked, method, input };
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(request.id, { resolve, reject });
    const impatience = setTimeout(
      () => reject(new Error(`${this.#name} did not answer ${method} within ${ANSWER_MS} ms`)),
      ANSWER_MS,
    );
    try {
      if (running.has(this.#process)) this.#process.send(request);
      else reject(new Error(`${this.#name} is not running`));
      // Both ends are of one commit: what comes back is what the method returned.
      return (await promise) as Awaited<ReturnType<M[Name]>>;
    } finally {
      clearTimeout(impatience);
      this.#waiting.delete(request.id);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!running.has(this.#process)) return;
    if (this.#process.connected) this.#process.disconnect();
    const impatience = setTimeout(() => this.#process.kill('SIGKILL'), EXIT_GRACE_MS);
    await this.#exited;
    clearTimeout(impatience);
  }

  #answered(message: unknown): void {
    const reply = replySchema.parse(message);
    const waiting = this.#waiting.get(reply.id);
    if ('failure' in reply) waiting?.reject(new Error(`${this.#name}: ${reply.failure}`));
    else waiting?.resolve(reply.output);
  }

  #ended(how: string): void {
    running.delete(this.#process);
    for (const { reject } of this.#waiting.values()) reject(new Error(`${this.#name} ${how}`));
  }
}
