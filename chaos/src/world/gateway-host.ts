import { setTimeout as sleep } from 'node:timers/promises';
import { bearer } from '../access/bearer.ts';
import { GatewayProcess } from './gateway-process.ts';
import type { JournalFile } from './journal-file.ts';
import type { MachineClock } from './machine-clock.ts';
import type { Timeline } from './timeline.ts';

/** From the end that nobody asked for to the next process, as a service manager has it, in ms. */
const REVIVE_MS = 1_000;

/** Between two questions how the gateway is, in ms. */
const ASK_MS = 100;

/** The end of a process that nobody asked for, or another one than it should have been. */
export interface Crash {
  /** ms since the Unix epoch. */
  readonly at: number;
  /** The signal or the exit code. */
  readonly end: string;
}

export interface GatewayHostOptions {
  /** Of the gateway, in the timeline. */
  readonly name: string;
  readonly configFile: string;
  readonly logFile: string;
  /** Only for `restore`. */
  readonly journal: JournalFile;
  readonly clock: MachineClock;
  /** Opens `/metrics`, where the gateway has tokens. */
  readonly token?: string;
  readonly timeline: Timeline;
}

/** The machine that the gateway runs on: one process after the other, one fault at a time. */
export class GatewayHost implements AsyncDisposable {
  readonly #options: GatewayHostOptions;
  readonly #crashes: Crash[] = [];
  #gateway: GatewayProcess | undefined;
  #port: number | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(options: GatewayHostOptions) {
    this.#options = options;
  }

  /** Undefined while no gateway runs. */
  get port(): number | undefined {
    return this.#port;
  }

  get crashes(): readonly Crash[] {
    return this.#crashes;
  }

  async start(): Promise<void> {
    const { name, configFile, logFile, clock, timeline } = this.#options;
    const gateway = await GatewayProcess.start({
      configFile,
      logFile,
      aheadMs: clock.aheadMs,
      log: (level, message) => timeline.note(`${name} ${level}: ${message}`),
    });
    this.#gateway = gateway;
    // The clock may have been set while it started.
    await gateway.setClock(clock.aheadMs);
    this.#port = await gateway.port();
    timeline.note(`${name} is up`);
    void gateway.closed.then(() => this.#ended(gateway));
  }

  kill(downMs: number): Promise<void> {
    return this.#again(downMs, (gateway) => gateway.kill());
  }

  restart(downMs: number): Promise<void> {
    return this.#again(downMs, (gateway) => this.#stop(gateway));
  }

  /** Puts a copy of the journal in its place, between two processes. */
  restore(copy: string, { isKilled, downMs }: { isKilled: boolean; downMs: number }) {
    return this.#again(downMs, async (gateway) => {
      await (isKilled ? gateway.kill() : this.#stop(gateway));
      await this.#options.journal.restore(copy);
    });
  }

  /** Its process stands still for so long. */
  pause(ms: number): Promise<void> {
    return this.#next(async (gateway) => {
      gateway.pause();
      await sleep(ms);
      gateway.resume();
    });
  }

  /** SIGTERM, and no new process. */
  stop(): Promise<void> {
    return this.#next(async (gateway) => {
      this.#gateway = undefined;
      await this.#stop(gateway);
      this.#port = undefined;
    });
  }

  async fillDisk(ms: number): Promise<void> {
    const gateway = this.#gateway;
    await gateway?.fillDisk(true);
    await sleep(ms);
    await gateway?.fillDisk(false);
  }

  /** By how much the wall clock is ahead from now on: of this process, and of those to come. */
  async setClock(aheadMs: number): Promise<void> {
    using _ = this.#options.clock.set(aheadMs);
    await this.#gateway?.setClock(aheadMs);
  }

  /** Settles when the gateway is ready: its journal is written to its file. */
  async ready(signal: AbortSignal): Promise<void> {
    await this.#until('/readyz', ({ ok }) => ok, signal);
  }

  /** What one of its metrics says, by its name; waits until a gateway runs. */
  async metric(name: string, signal: AbortSignal): Promise<number> {
    let value = Number.NaN;
    await this.#until(
      '/metrics',
      async (response) => {
        const lines = (await response.text()).split('\n');
        value = Number(lines.find((line) => line.startsWith(`${name} `))?.slice(name.length));
        return true;
      },
      signal,
    );
    return value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last.catch(() => undefined);
    this.#port = undefined;
    const gateway = this.#gateway;
    this.#gateway = undefined;
    await gateway?.[Symbol.asyncDispose]();
  }

  #again(downMs: number, end: (gateway: GatewayProcess) => Promise<void>): Promise<void> {
    return this.#next(async (gateway) => {
      this.#gateway = undefined;
      await end(gateway);
      this.#port = undefined;
      this.#options.timeline.note(`${this.#options.name} is down`);
      await sleep(downMs);
      await this.start();
    });
  }

  /** What happens to its process, when all that happened before is over. Nothing while there is none. */
  #next(happen: (gateway: GatewayProcess) => Promise<void>): Promise<void> {
    this.#last = this.#last.then(async () => {
      if (this.#gateway) await happen(this.#gateway);
    });
    return this.#last;
  }

  async #stop(gateway: GatewayProcess): Promise<void> {
    await gateway.stop();
    if (gateway.end !== '0') this.#crashed(gateway);
  }

  #ended(gateway: GatewayProcess): void {
    if (gateway !== this.#gateway) return;
    this.#crashed(gateway);
    this.#port = undefined;
    // When it does not start again, whoever wants the next process is told.
    this.#again(REVIVE_MS, async () => undefined).catch(() => undefined);
  }

  #crashed({ end = 'nothing' }: GatewayProcess): void {
    this.#options.timeline.note(`${this.#options.name} ended with ${end}`);
    this.#crashes.push({ at: Date.now(), end });
  }

  async #until(
    path: string,
    holds: (response: Response) => boolean | Promise<boolean>,
    signal: AbortSignal,
  ): Promise<void> {
    const { token } = this.#options;
    for (;;) {
      const port = this.#port;
      const url = `http://127.0.0.1:${port}${path}`;
      // It may have been killed in the meantime.
      const response =
        port === undefined
          ? undefined
          : await fetch(url, { signal, headers: bearer(token) }).catch(() => undefined);
      if (response && (await holds(response))) return;
      await sleep(ASK_MS, undefined, { signal });
    }
  }
}
