import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Attack } from './attack.ts';
import {
  type HostilePorts,
  type News,
  newsSchema,
  type Order,
  type Target,
} from './process-messages.ts';
import type { Counts } from './tally.ts';

/** Until the process has begun, and beyond the time of an attack until it has told of it, in ms. */
const PATIENCE_MS = 60_000;

/** What became of an attack. */
export type AttackResult = { readonly counts: Counts } | { readonly error: string };

/** Hostile clients or hostile boxes, in a process of their own, seen from the test. */
export class Attackers implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #waiting = new Map<string, (result: AttackResult) => void>();
  readonly #ready = Promise.withResolvers<readonly HostilePorts[]>();
  readonly #endWithUs = () => this.#process.kill('SIGKILL');

  private constructor(module: 'client-process.ts' | 'box-process.ts') {
    const child = fork(fileURLToPath(new URL(module, import.meta.url)), {
      execArgv: ['--conditions=@se5/source'],
    });
    this.#process = child;
    this.#ended = once(child, 'exit');
    process.on('exit', this.#endWithUs);
    child.on('message', (message) => this.#hear(newsSchema.parse(message)));
    child.on('exit', (code, signal) => {
      process.off('exit', this.#endWithUs);
      const error = `the attackers' process ended with ${signal ?? code}`;
      this.#ready.reject(new Error(error));
      for (const settle of this.#waiting.values()) settle({ error });
    });
  }

  /** Settles when the process can begin. */
  static async start(module: 'client-process.ts' | 'box-process.ts'): Promise<Attackers> {
    const attackers = new Attackers(module);
    await attackers.#ready.promise;
    return attackers;
  }

  /** Where its boxes listen. */
  get boxes(): Promise<readonly HostilePorts[]> {
    return this.#ready.promise;
  }

  /** Settles when the attack is over, or did not end in time. */
  attack(attack: Attack, target: Target): Promise<AttackResult> {
    const { promise, resolve } = Promise.withResolvers<AttackResult>();
    const key = keyOf(attack);
    const impatience = setTimeout(
      () => resolve({ error: 'it did not end in time' }),
      attack.ms + PATIENCE_MS,
    );
    this.#waiting.set(key, resolve);
    this.#process.send({ attack, target } satisfies Order, () => undefined);
    return promise.finally(() => {
      clearTimeout(impatience);
      this.#waiting.delete(key);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  #hear(news: News): void {
    switch (news.kind) {
      case 'ready':
        this.#ready.resolve(news.boxes);
        break;
      case 'done':
        this.#waiting.get(keyOf(news.attack))?.({ counts: news.counts });
        break;
      case 'failed':
        this.#waiting.get(keyOf(news.attack))?.({ error: news.error });
        break;
    }
  }
}

const keyOf = ({ name, at, seed }: Attack): string => `${name} ${at} ${seed}`;
