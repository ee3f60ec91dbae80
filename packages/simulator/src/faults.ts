import type { AnswerFault, Conditions } from './conditions.ts';
import type { EventServer } from './event-server.ts';
import type { JsonObject } from './json.ts';
import type { Refusal } from './listener.ts';
import type { Ports } from './ports.ts';

/** What of a box the faults take hold of. */
export interface FaultyBox {
  readonly conditions: Conditions;
  /** What the clock is ahead by when nothing is wrong with it. */
  readonly clockOffsetMs: number;
  readonly ports: Ports;
  readonly events: EventServer;
  restart(downMs: number): Promise<void>;
  emitRaw(message: string | Uint8Array): number;
  /** A message of an event that is told to nobody. */
  draw(extra?: JsonObject): Buffer;
}

/**
 * What can go wrong with a box, to be switched from a test. A lasting fault holds until it is
 * switched off or `clear` is called; the others happen once. Faults combine.
 */
export class Faults {
  readonly #box: FaultyBox;

  constructor(box: FaultyBox) {
    this.#box = box;
  }

  /** Both ports turn newcomers away; who is connected stays. */
  refuse(refusal: Refusal = 'closed'): Promise<void> {
    return this.#box.ports.refuse(refusal);
  }

  /** Ends `refuse`. @throws the error of `listen` when somebody took a port in the meantime. */
  welcome(): Promise<void> {
    return this.#box.ports.serve();
  }

  /** Both ports close with all their connections, and come back on the same numbers with
   *  `event_id` beginning again. Settles when they are back. */
  restart(downMs = 1000): Promise<void> {
    return this.#box.restart(downMs);
  }

  /** Once: ends every event connection without a closing handshake. Returns how many. */
  drop(): number {
    return this.#box.events.drop();
  }

  /** Once: the event connections open now stay open, but nothing more is read or written, no
   *  pong and no close. They no longer count as connections. Returns how many. */
  halfOpen(): number {
    return this.#box.events.halfOpen();
  }

  /** Connected, but no events. */
  silent(on = true): void {
    this.#box.conditions.silent = on;
  }

  /** WebSocket pings are never answered; everything else works. */
  ignorePings(on = true): void {
    this.#box.conditions.ignorePings = on;
  }

  /** Messages trickle out at so many bytes per second. Undefined: at full speed again. */
  slow(bytesPerSecond: number | undefined): void {
    this.#box.conditions.bytesPerSecond = bytesPerSecond;
  }

  /** Every message is sent twice. */
  duplicate(on = true): void {
    this.#box.conditions.duplicate = on;
  }

  /** Every two messages of a connection are swapped: the first waits for the second. */
  outOfOrder(on = true): void {
    this.#box.conditions.outOfOrder = on;
    if (!on) this.#box.events.flush();
  }

  /** The box's clock is ahead of ours by so many ms; undefined: by what the options say. */
  clock(offsetMs: number | undefined): void {
    this.#box.conditions.clockOffsetMs = offsetMs ?? this.#box.clockOffsetMs;
  }

  /** The device list fails in one of the ways that are known. Undefined: it works. */
  deviceList(fault: AnswerFault | undefined): void {
    this.#box.conditions.deviceList = fault;
  }

  /** The same for the stored events. */
  storedEvents(fault: AnswerFault | undefined): void {
    this.#box.conditions.storedEvents = fault;
  }

  /** The same for the pictures of stored events. */
  pictures(fault: AnswerFault | undefined): void {
    this.#box.conditions.pictures = fault;
  }

  /** Once: a message that is no JSON. Returns to how many connections it went, like the next two. */
  malformed(): number {
    return this.#box.emitRaw('{"reg_pic":"","ext_data":{person_type:1},');
  }

  /** Once: an event whose JSON ends in the middle. */
  truncated(): number {
    return this.#box.emitRaw(this.#box.draw().subarray(0, -40));
  }

  /** Once: a valid event of at least so many bytes. */
  huge(bytes = 40 * 2 ** 20): number {
    return this.#box.emitRaw(this.#box.draw({ padding: 'x'.repeat(bytes) }));
  }

  /** Ends every lasting fault. */
  async clear(): Promise<void> {
    this.silent(false);
    this.ignorePings(false);
    this.slow(undefined);
    this.duplicate(false);
    this.outOfOrder(false);
    this.clock(undefined);
    this.deviceList(undefined);
    this.storedEvents(undefined);
    this.pictures(undefined);
    await this.welcome();
  }
}
