import type { BoxGroup } from './box-group.ts';

/**
 * Sends the prepared events of a group of boxes one after the other, from one box after the
 * other, and knows how many deliveries that must come to.
 */
export class Sender {
  readonly #group: BoxGroup;
  /** By prepared event, who wants it: 1 or 0 for each member. */
  readonly #wanting: readonly Uint8Array[];
  readonly #wantedBy: readonly number[];
  /** By prepared event, how often it was sent since the run began. */
  readonly #sent: Uint32Array;
  #events = 0;
  #deliveries = 0;
  #nextBox = 0;

  constructor(group: BoxGroup, wanting: readonly Uint8Array[]) {
    this.#group = group;
    this.#wanting = wanting;
    this.#wantedBy = wanting.map((members) => members.reduce((sum, wants) => sum + wants, 0));
    this.#sent = new Uint32Array(wanting.length);
  }

  /** How many different events there are. */
  get variety(): number {
    return this.#group.events.length;
  }

  /** Since the run began. */
  get events(): number {
    return this.#events;
  }

  /** How many deliveries the events sent since the run began must come to. */
  get deliveries(): number {
    return this.#deliveries;
  }

  begin(): void {
    this.#sent.fill(0);
    this.#events = 0;
    this.#deliveries = 0;
  }

  /** How many deliveries the member must have got. */
  expectedOf(member: number): number {
    return this.#wanting.reduce(
      (sum, members, event) => sum + (members[member] ?? 0) * (this.#sent[event] ?? 0),
      0,
    );
  }

  /** Writes so many events of one box at once. @returns false when it is better to wait. */
  send(count: number): boolean {
    const box = this.#group.boxes[this.#nextBox];
    if (!box) throw new RangeError('a group has at least one box');
    this.#nextBox = (this.#nextBox + 1) % this.#group.boxes.length;
    const now = Date.now();
    const frames: Buffer[] = [];
    for (let index = 0; index < count; index += 1) {
      frames.push(this.#nextFrame(now, box.sendsPictures));
    }
    return box.write(frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames));
  }

  /** Settles when what was written has left this process. */
  async drained(): Promise<void> {
    await Promise.all(this.#group.boxes.map((box) => box.drained()));
  }

  #nextFrame(now: number, withPictures: boolean): Buffer {
    const { events } = this.#group;
    const index = this.#group.sequence % events.length;
    const event = events[index];
    if (!event) throw new RangeError('a group has at least one event');
    const frame = event.frame(this.#group.sequence, now, withPictures);
    this.#group.sequence += 1;
    this.#sent[index] = (this.#sent[index] ?? 0) + 1;
    this.#events += 1;
    this.#deliveries += this.#wantedBy[index] ?? 0;
    return frame;
  }
}
