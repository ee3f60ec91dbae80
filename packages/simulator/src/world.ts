import type { SimulatedDevice } from './devices.ts';
import { PERSON_TYPE, type People, type Subject } from './people.ts';
import { Random } from './random.ts';

/** Somebody in front of a device. */
export interface Sighting {
  readonly device: SimulatedDevice;
  readonly subject: Subject;
  /** How alike the face and the enrolled one are, 0 to 1; a stranger's nearest is low. */
  readonly score: number;
}

/** What of a sighting is wanted rather than drawn. */
export interface SightingWish {
  readonly device?: SimulatedDevice | undefined;
  readonly identityId?: string | undefined;
  readonly personType?: number | undefined;
}

/** How often each kind of person passes, in proportion to one another. */
const TRAFFIC: readonly (readonly [personType: number, weight: number])[] = [
  [PERSON_TYPE.employee, 62],
  [PERSON_TYPE.visitor, 18],
  [PERSON_TYPE.stranger, 12],
  [PERSON_TYPE.vip, 6],
  [PERSON_TYPE.blacklist, 2],
];
/** A face that stays in view is captured again. */
const CAPTURED_AGAIN = 0.06;
/** Who came in walks on, past another device. */
const WALKED_ON = 0.35;
/** How many of those who came in are still about. */
const ABOUT = 12;

/** Who passes which device next, drawn from a seed: the same calls, the same people. */
export class World {
  readonly #random: Random;
  readonly #people: People;
  readonly #about: Sighting[] = [];

  constructor(seed: number, people: People) {
    this.#random = new Random(seed, 'world');
    this.#people = people;
  }

  /** @throws {RangeError} when there is no device. */
  next(devices: readonly SimulatedDevice[], wish: SightingWish = {}): Sighting {
    if (devices.length === 0) throw new RangeError('The box has no device that could see anybody');
    const free =
      wish.device === undefined && wish.identityId === undefined && wish.personType === undefined;
    const sighting = (free ? this.#seenAgain(devices) : undefined) ?? this.#arrival(devices, wish);
    this.#about.push(sighting);
    if (this.#about.length > ABOUT) this.#about.shift();
    return sighting;
  }

  #arrival(devices: readonly SimulatedDevice[], wish: SightingWish): Sighting {
    const device = wish.device ?? this.#random.pick(devices);
    const subject = this.#subject(wish);
    return { device, subject, score: this.#score(subject) };
  }

  #seenAgain(devices: readonly SimulatedDevice[]): Sighting | undefined {
    const last = this.#about.at(-1);
    const draw = this.#random.next();
    if (last === undefined) return undefined;
    if (draw < CAPTURED_AGAIN) {
      if (!devices.includes(last.device)) return undefined;
      return { ...last, score: this.#score(last.subject) };
    }
    if (draw < CAPTURED_AGAIN + WALKED_ON) {
      const { device: before, subject } = this.#random.pick(this.#about);
      const others = devices.filter((device) => device !== before);
      if (others.length === 0) return undefined;
      return { device: this.#random.pick(others), subject, score: this.#score(subject) };
    }
    return undefined;
  }

  #subject({ identityId, personType }: SightingWish): Subject {
    const { enrolled, strangers } = this.#people;
    if (identityId === '') return this.#random.pick(strangers);
    const known = enrolled.find((person) => person.identityId === identityId);
    if (known !== undefined) return known;
    const type = personType ?? this.#personType();
    if (type === PERSON_TYPE.stranger) return this.#random.pick(strangers);
    const ofType = enrolled.filter((person) => person.personType === type);
    return this.#random.pick(ofType.length > 0 ? ofType : enrolled);
  }

  #personType(): number {
    let rest = this.#random.below(TRAFFIC.reduce((sum, [, weight]) => sum + weight, 0));
    for (const [personType, weight] of TRAFFIC) {
      if (rest < weight) return personType;
      rest -= weight;
    }
    return PERSON_TYPE.employee;
  }

  #score(subject: Subject): number {
    return subject.personType === PERSON_TYPE.stranger
      ? this.#random.between(0.18, 0.52)
      : this.#random.between(0.68, 0.99);
  }
}
