import { z } from 'zod';
import type { JsonObject } from './json.ts';
import { Random } from './random.ts';
import type { Recognition } from './recognition.ts';
import {
  facePictureId,
  type StoredRecognition,
  scenePictureId,
  storedRecord,
} from './stored-record.ts';

/** What a box keeps of what it has seen, and the quirks with which it tells of it. */
export interface ArchiveOptions {
  /** The oldest go first. Default 100,000. */
  readonly maxEvents?: number;
  /** How long an event is kept, in ms. Default: as long as there is room. */
  readonly keepMs?: number;
  /** In which order the pages come; `random` is another one at each request. Default `descending`. */
  readonly order?: 'ascending' | 'descending' | 'random';
  /** By how much a stored time is later than that of the live event, in ms. Default 0.3178: the
   *  vendor's sample has a fraction of a ms, of which a live event has none. */
  readonly timestampShiftMs?: number;
}

const count = z.coerce.number().int().nonnegative();

/** Of what can be asked for [vendor], what the simulator heeds; the times are in s. */
const querySchema = z.object({
  per_page: count.default(10),
  page: count.default(0),
  datetime_gte: z.coerce.number().default(Number.NEGATIVE_INFINITY),
  datetime_lte: z.coerce.number().default(Number.POSITIVE_INFINITY),
});

/** Where an id's number of the same ms begins anew. */
const IDS_PER_MS = 1_000;

/** Everything that a box has seen, heard by anybody or not. */
export class Archive {
  readonly #options: Required<ArchiveOptions>;
  readonly #random: Random;
  /** Oldest first. */
  #stored: StoredRecognition[] = [];
  /** By the ids of their face and scene. */
  readonly #byPicture = new Map<string, StoredRecognition>();
  /** The newest, by the id of the enrolled picture. */
  readonly #byEnrolled = new Map<unknown, StoredRecognition>();
  #added = 0;

  constructor(seed: number, options: ArchiveOptions = {}) {
    this.#options = {
      maxEvents: 100_000,
      keepMs: Number.POSITIVE_INFINITY,
      order: 'descending',
      timestampShiftMs: 0.3178,
      ...options,
    };
    this.#random = new Random(seed, 'archive');
  }

  add(recognition: Recognition): void {
    this.#added += 1;
    const { timestamp } = recognition;
    const number = String(this.#added % IDS_PER_MS).padStart(3, '0');
    const stored = {
      recognition,
      id: `${(timestamp / 1000).toFixed(3)}${number}`,
      timestamp: (timestamp + this.#options.timestampShiftMs) / 1000,
      at: performance.now(),
    };
    this.#stored.push(stored);
    this.#byPicture.set(facePictureId(stored), stored).set(scenePictureId(stored), stored);
    this.#byEnrolled.set(recognition.identityInfo['image_id'], stored);
    if (this.#stored.length > this.#options.maxEvents) this.#forget(1);
  }

  /** One page; undefined when the query is none that the box takes. */
  page(
    query: URLSearchParams,
    kindOf: (deviceId: string) => string | undefined,
  ): JsonObject | undefined {
    const { data: asked } = querySchema.safeParse(Object.fromEntries(query));
    if (asked === undefined) return undefined;
    const { per_page, page, datetime_gte, datetime_lte } = asked;
    const found = this.#ordered(
      this.#kept().filter(
        ({ timestamp }) => timestamp >= datetime_gte && timestamp <= datetime_lte,
      ),
    );
    return {
      data: found
        .slice(page * per_page, (page + 1) * per_page)
        .map((stored) => storedRecord(stored, kindOf(stored.recognition.deviceId))),
      pagination: {
        num_pages: Math.ceil(found.length / per_page),
        page,
        per_page,
        total_count: found.length,
      },
    };
  }

  /** The base64 of a picture of an event, which is named by its time too [vendor]. */
  eventPicture(id: string, datetime: string | null): string | undefined {
    this.#kept();
    const stored = this.#byPicture.get(id);
    if (stored === undefined || String(stored.timestamp) !== datetime) return undefined;
    const { pictures } = stored.recognition;
    if (id === facePictureId(stored)) return pictures.face;
    return id === scenePictureId(stored) ? pictures.scene : undefined;
  }

  /** The base64 of somebody's enrolled picture. */
  enrolledPicture(id: string): string | undefined {
    this.#kept();
    return this.#byEnrolled.get(id)?.recognition.pictures.registered;
  }

  #kept(): readonly StoredRecognition[] {
    const oldest = performance.now() - this.#options.keepMs;
    const first = this.#stored.findIndex(({ at }) => at >= oldest);
    this.#forget(first === -1 ? this.#stored.length : first);
    return this.#stored;
  }

  /** The oldest. */
  #forget(count: number): void {
    for (const stored of this.#stored.splice(0, count)) {
      this.#byPicture.delete(facePictureId(stored));
      this.#byPicture.delete(scenePictureId(stored));
      const enrolled = stored.recognition.identityInfo['image_id'];
      if (this.#byEnrolled.get(enrolled) === stored) this.#byEnrolled.delete(enrolled);
    }
  }

  #ordered(found: StoredRecognition[]): readonly StoredRecognition[] {
    switch (this.#options.order) {
      case 'ascending':
        return found;
      case 'descending':
        return found.toReversed();
      case 'random':
        return found
          .map((stored) => ({ stored, at: this.#random.next() }))
          .toSorted((one, other) => one.at - other.at)
          .map(({ stored }) => stored);
    }
  }
}
