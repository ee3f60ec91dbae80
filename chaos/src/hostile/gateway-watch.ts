import { readFile } from 'node:fs/promises';
import { pause } from './at-rate.ts';
import type { Timing } from './verdict/latency.ts';

const EVERY_MS = 250;

/** An answer that takes longer is none. */
const PATIENCE_MS = 30_000;

/** Memory of a process, in bytes. */
interface Memory {
  readonly now: number;
  /** Since its start. */
  readonly most: number;
}

/** Asks a gateway again and again how it is, and the system how much memory it has. */
export class GatewayWatch implements AsyncDisposable {
  /** How long each answer of `/readyz` took. */
  readonly answers: Timing[] = [];
  /** Why `/readyz` did not say that it is ready. */
  readonly failures: { readonly at: number; readonly what: string }[] = [];
  readonly #pid: number | undefined;
  readonly #url: string;
  readonly #over = new AbortController();
  readonly #watching: Promise<void>;
  #memory: Memory | undefined;

  constructor(pid: number | undefined, url: string) {
    this.#pid = pid;
    this.#url = url;
    this.#watching = this.#watch();
  }

  /** As of the last look; undefined where the system does not tell (`/proc`). */
  get memory(): Memory | undefined {
    return this.#memory;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      this.#memory = (await memoryOf(this.#pid)) ?? this.#memory;
      await this.#ask();
      await pause(EVERY_MS, signal);
    }
  }

  async #ask(): Promise<void> {
    const at = Date.now();
    const signal = AbortSignal.any([this.#over.signal, AbortSignal.timeout(PATIENCE_MS)]);
    try {
      const response = await fetch(`${this.#url}/readyz`, { signal });
      const text = await response.text();
      this.answers.push({ at, ms: Date.now() - at });
      if (!response.ok) this.failures.push({ at, what: `${response.status} ${text}` });
    } catch (error) {
      if (!this.#over.signal.aborted) this.failures.push({ at, what: String(error) });
    }
  }
}

async function memoryOf(pid: number | undefined): Promise<Memory | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const bytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1_024;
  const memory = { now: bytes('VmRSS'), most: bytes('VmHWM') };
  return Number.isNaN(memory.now) || Number.isNaN(memory.most) ? undefined : memory;
}
