import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayProcess } from './gateway-process.ts';
import type { Timeline } from './timeline.ts';

/** The log says so when events are kept in memory only, and when that is over. */
const JOURNAL_LOST = /events are kept in memory only/;
const JOURNAL_BACK = /^the journal is written again/;

/** The machine that the gateway runs on: one process after the other, one fault at a time. */
export class GatewayHost implements AsyncDisposable {
  readonly #configFile: string;
  readonly #timeline: Timeline;
  readonly #changes = new EventEmitter();
  #gateway: GatewayProcess | undefined;
  #port: number | undefined;
  #isWritten = true;
  #last: Promise<void> = Promise.resolve();

  constructor(configFile: string, timeline: Timeline) {
    this.#configFile = configFile;
    this.#timeline = timeline;
  }

  /** Undefined while no gateway runs. */
  get port(): number | undefined {
    return this.#port;
  }

  async start(): Promise<void> {
    this.#isWritten = true;
    this.#gateway = await GatewayProcess.start(this.#configFile, (level, message) => {
      this.#timeline.note(`gateway ${level}: ${message}`);
      if (JOURNAL_LOST.test(message)) this.#isWritten = false;
      if (JOURNAL_BACK.test(message)) this.#isWritten = true;
      this.#changes.emit('log');
    });
    this.#port = await this.#gateway.port();
    this.#timeline.note('gateway is up');
  }

  kill(downMs: number): Promise<void> {
    return this.#again(downMs, (gateway) => gateway.kill());
  }

  restart(downMs: number): Promise<void> {
    return this.#again(downMs, (gateway) => gateway.stop());
  }

  async fillDisk(ms: number): Promise<void> {
    const gateway = this.#gateway;
    await gateway?.fillDisk(true);
    await sleep(ms);
    await gateway?.fillDisk(false);
  }

  /** Settles when the journal is written to its file. */
  async journalWritten(signal: AbortSignal): Promise<void> {
    while (!this.#isWritten) await once(this.#changes, 'log', { signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last.catch(() => undefined);
    this.#port = undefined;
    await this.#gateway?.[Symbol.asyncDispose]();
  }

  #again(downMs: number, end: (gateway: GatewayProcess) => Promise<void>): Promise<void> {
    this.#last = this.#last.then(async () => {
      const gateway = this.#gateway;
      if (!gateway) return;
      await end(gateway);
      this.#port = undefined;
      this.#timeline.note('gateway is down');
      await sleep(downMs);
      await this.start();
    });
    return this.#last;
  }
}
