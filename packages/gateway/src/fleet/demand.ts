import type { PictureDemand } from '@se5/core';
import type { BoxId } from '../config/ids.ts';
import type { BoxEntry, DeviceEntry, Directory } from './directory.ts';

/**
 * How long pictures go on after the last who wanted them has left, in ms: a page that is
 * loaded anew, or a client that reconnects, does not make the box change its mind twice.
 */
const LINGER_MS = 2_000;

/** Which pictures, from which boxes. */
export interface PictureWant {
  readonly pictures: PictureDemand;
  /** Asked of each box when the want comes, and of a box again when its devices change. */
  readonly reaches: (box: BoxEntry, devices: readonly DeviceEntry[]) => boolean;
}

interface Claim extends PictureWant {
  readonly boxes: Set<BoxId>;
}

interface Count {
  live: number;
  registered: number;
}

/** Who wants pictures of whom. Each box is asked for the union of what is wanted of it. */
export class PictureDemandLedger implements Disposable {
  readonly #directory: Directory;
  readonly #ask: (boxId: BoxId, demand: PictureDemand) => void;
  readonly #claims = new Set<Claim>();
  readonly #counts = new Map<BoxId, Count>();
  readonly #lingering = new Set<NodeJS.Timeout>();
  readonly #watch: Disposable;

  /** @param ask is called when what is wanted of a box changes, and only then. */
  constructor(directory: Directory, ask: (boxId: BoxId, demand: PictureDemand) => void) {
    this.#directory = directory;
    this.#ask = ask;
    this.#watch = directory.onDevices((boxId) => this.#reconsider(boxId));
  }

  /** The want stands until it is disposed of, and `LINGER_MS` longer. */
  acquire(want: PictureWant): Disposable {
    const claim: Claim = { ...want, boxes: new Set() };
    this.#claims.add(claim);
    for (const box of this.#directory.boxes) this.#place(claim, box);
    let released = false;
    return {
      [Symbol.dispose]: () => {
        if (released || !this.#claims.has(claim)) return;
        released = true;
        const timer = setTimeout(() => {
          this.#lingering.delete(timer);
          this.#drop(claim);
        }, LINGER_MS);
        this.#lingering.add(timer);
      },
    };
  }

  /** What is wanted of the box now. */
  of(boxId: BoxId): PictureDemand {
    const count = this.#counts.get(boxId);
    return { live: (count?.live ?? 0) > 0, registered: (count?.registered ?? 0) > 0 };
  }

  /** Nothing is asked for from now on, by whomever. */
  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
    for (const timer of this.#lingering) clearTimeout(timer);
    this.#lingering.clear();
    this.#claims.clear();
  }

  #reconsider(boxId: BoxId): void {
    const box = this.#directory.box(boxId);
    if (!box) return;
    for (const claim of this.#claims) this.#place(claim, box);
  }

  #place(claim: Claim, box: BoxEntry): void {
    const reached = claim.reaches(box, this.#directory.devices(box.id));
    if (reached === claim.boxes.has(box.id)) return;
    if (reached) claim.boxes.add(box.id);
    else claim.boxes.delete(box.id);
    this.#count(box.id, claim.pictures, reached ? 1 : -1);
  }

  #drop(claim: Claim): void {
    this.#claims.delete(claim);
    for (const boxId of claim.boxes) this.#count(boxId, claim.pictures, -1);
  }

  #count(boxId: BoxId, pictures: PictureDemand, by: 1 | -1): void {
    const before = this.of(boxId);
    const count = this.#counts.get(boxId) ?? { live: 0, registered: 0 };
    if (pictures.live) count.live += by;
    if (pictures.registered) count.registered += by;
    this.#counts.set(boxId, count);
    const now = this.of(boxId);
    if (now.live !== before.live || now.registered !== before.registered) this.#ask(boxId, now);
  }
}
