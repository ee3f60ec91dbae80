import type { Pace } from '../load/pace.ts';
import type { RunReport } from '../load/run.ts';
import type { Operation } from '../operation.ts';
import type { Bench } from './figure.ts';
import type { Server } from './server.ts';

/** One run, as both sides have seen it. */
export interface Reading extends RunReport {
  /** Of the server process, in µs. */
  readonly cpuMicros: number;
  /** The server's share of its core, 0 to 1. */
  readonly serverBusy: number;
}

export interface SessionOptions {
  readonly subscribers: number;
  readonly operations: readonly Operation[];
  /** Whether the boxes are asked for pictures while these subscribe. Default false. */
  readonly picturesAsked?: boolean;
  /** Whether the pictures are in the answers. Default false. */
  readonly picturesShown?: boolean;
}

/** A contender with its subscribers, as long as they stay. */
export class Session implements AsyncDisposable {
  readonly #bench: Bench;
  readonly #server: Server;

  /** Settles when every subscriber has got its first event. */
  static async open(bench: Bench, server: Server, options: SessionOptions): Promise<Session> {
    const session = await Session.connect(bench, server, options);
    await session.synchronise();
    return session;
  }

  /** Settles when every subscriber has sent its operation, and none has got an event. */
  static async connect(bench: Bench, server: Server, options: SessionOptions): Promise<Session> {
    const { picturesAsked = false, picturesShown = false, ...audience } = options;
    await bench.load.call('subscribe', {
      ...audience,
      group: server.group,
      port: server.port,
      picturesAsked,
      picturesShown,
      sameBytes: server.name === 'bare',
    });
    return new Session(bench, server);
  }

  private constructor(bench: Bench, server: Server) {
    this.#bench = bench;
    this.#server = server;
  }

  /** Settles when every subscriber has got its first event. */
  async synchronise(): Promise<void> {
    await this.#bench.load.call('synchronise');
  }

  /** The last answer that one of them has got, byte for byte. */
  async sample(): Promise<string> {
    return this.#bench.load.call('sample');
  }

  /** Sends events of which nothing is read. */
  async send(pace: Pace): Promise<void> {
    await this.#bench.load.call('run', { pace, latency: false });
  }

  /** Measures at that pace, once the server's code is hot from some of the same. */
  async measure(pace: Pace, { latency = false } = {}): Promise<Reading> {
    await this.send(asWarmUp(pace, this.#bench.plan.warmUpMs));
    const { process } = this.#server;
    const before = await process.call('usage');
    const report = await this.#bench.load.call('run', { pace, latency });
    const after = await process.call('usage');
    const cpuMicros = after.cpuMicros - before.cpuMicros;
    return { ...report, cpuMicros, serverBusy: cpuMicros / 1_000 / (after.at - before.at) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#bench.load.call('leave');
  }
}

function asWarmUp(pace: Pace, durationMs: number): Pace {
  return pace.kind === 'steady'
    ? { ...pace, events: Math.ceil(durationMs / pace.intervalMs) }
    : { ...pace, durationMs };
}
