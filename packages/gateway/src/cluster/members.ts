import type { Clock } from '@se5/core';
import { z } from 'zod';
import { siteIdSchema } from '../config/ids.ts';
import { Listeners } from '../listeners.ts';
import type { Candidate } from './assignment.ts';
import type { Bus, Channel } from './bus.ts';

/** Between two heartbeats, in ms. */
const BEAT_MS = 500;

/** A gateway that is not heard for so long is dead, in ms. */
const DEAD_MS = 2_000;

const heartbeatSchema = z.object({
  name: z.string(),
  process: z.string(),
  version: z.string(),
  sites: z.array(siteIdSchema).nullable(),
  isDraining: z.boolean(),
  /** It has ended. */
  isLeaving: z.boolean(),
  /** How many boxes it owns. */
  boxes: z.int(),
  /** How far its file has followed the log. */
  newest: z.number(),
  /** How many entries wait for the log. */
  waiting: z.int(),
});

export type Heartbeat = z.infer<typeof heartbeatSchema>;

/** What a gateway says of itself, each 500 ms. */
export const HEARTBEAT: Channel<Heartbeat, z.input<typeof heartbeatSchema>> = {
  name: 'heartbeat',
  schema: heartbeatSchema,
};

export interface MembersOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  /** What this gateway says of itself. */
  readonly self: () => Heartbeat;
  /** Whether the servers can be reached: meanwhile nobody is heard, and nobody is dead for that. */
  readonly isConnected: () => boolean;
  /** Default: each 500 ms. By hand: whenever `beat` is called. */
  readonly beats?: 'by hand';
}

interface Known {
  readonly heartbeat: Heartbeat;
  /** The instant at which it was heard last. */
  heardAt: number;
}

/**
 * The gateways that are alive, by their heartbeats: one each 500 ms, and dead after 2 s without.
 *
 * A gateway that stood still, or was cut off, has heard nobody meanwhile: it waits as long again
 * before it takes others for dead.
 */
export class Members implements Disposable {
  readonly #options: MembersOptions;
  readonly #others = new Map<string, Known>();
  readonly #changes = new Listeners<void>();
  readonly #joined = new Listeners<Candidate>();
  readonly #left = new Listeners<Candidate>();
  #timer: NodeJS.Timeout | undefined;
  #beatAt: number;
  /** From this instant on, who is not heard is dead. */
  #certainAt: number;

  constructor(options: MembersOptions) {
    this.#options = options;
    const now = options.clock.elapsed();
    this.#beatAt = now;
    this.#certainAt = now + DEAD_MS;
  }

  /** Begins to tell and to listen. Call once. */
  start(): void {
    this.#options.bus.listen(HEARTBEAT, (heartbeat) => this.#heard(heartbeat));
    if (this.#options.beats !== 'by hand') {
      this.#timer = setInterval(() => this.beat(), BEAT_MS);
    }
    this.tell();
  }

  /** All that are alive, this gateway first. Undefined before it is known who is. */
  get living(): readonly Heartbeat[] | undefined {
    if (this.#options.clock.elapsed() < this.#certainAt || !this.#options.isConnected()) {
      return undefined;
    }
    return [this.#options.self(), ...this.others];
  }

  /** The others that are not known to be dead. */
  get others(): readonly Heartbeat[] {
    return [...this.#others.values()].map(({ heartbeat }) => heartbeat);
  }

  /** Told at each beat, and when a gateway says something else than before. */
  onChange(listener: () => void): Disposable {
    return this.#changes.add(listener);
  }

  /** Told of another gateway that is heard for the first time. */
  onJoin(listener: (member: Candidate) => void): Disposable {
    return this.#joined.add(listener);
  }

  /** Told of another gateway that is dead, or says that it ends. */
  onLeave(listener: (member: Candidate) => void): Disposable {
    return this.#left.add(listener);
  }

  /** Says at once what has changed of this gateway. */
  tell(): void {
    this.#options.bus.tell(HEARTBEAT, this.#options.self());
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#options.bus.tell(HEARTBEAT, { ...this.#options.self(), isLeaving: true });
  }

  #heard(heartbeat: Heartbeat): void {
    const { process, isLeaving } = heartbeat;
    if (process === this.#options.self().process) return;
    const known = this.#others.get(process);
    if (isLeaving) {
      if (known) this.#bury(known);
      return;
    }
    this.#others.set(process, { heartbeat, heardAt: this.#options.clock.elapsed() });
    if (!known) this.#joined.tell(heartbeat);
    if (known?.heartbeat.isDraining !== heartbeat.isDraining) this.#changes.tell();
  }

  /** Says that this gateway is alive, and looks who else is. */
  beat(): void {
    const { clock, isConnected } = this.#options;
    const now = clock.elapsed();
    const stoodStill = now - this.#beatAt > DEAD_MS - BEAT_MS;
    this.#beatAt = now;
    if (stoodStill || !isConnected()) this.#certainAt = now + DEAD_MS;
    this.tell();
    if (now < this.#certainAt) return;
    for (const known of this.#others.values()) {
      // Before then, it may have been heard by nobody.
      const since = Math.max(known.heardAt, this.#certainAt - DEAD_MS);
      if (now - since > DEAD_MS) this.#bury(known);
    }
    this.#changes.tell();
  }

  #bury({ heartbeat }: Known): void {
    this.#others.delete(heartbeat.process);
    this.#left.tell(heartbeat);
    this.#changes.tell();
  }
}
