import { randomBytes } from 'node:crypto';
import type { PersonType } from '@se5/core';
import type { Filtered } from '../event-filter.ts';
import { textFrame } from './frames.ts';

export interface PoolOptions {
  /** How many devices the box has; as many different events are prepared, one of each device. */
  readonly devices: number;
  /** Size of each of the three pictures, decoded, in bytes; 0: the box has none to send. */
  readonly pictureBytes: number;
  /** Of everybody who is recognised. */
  readonly name?: string;
}

/** The wire's numbers [seed]. */
const PERSON_TYPES: readonly PersonType[] = ['EMPLOYEE', 'VISITOR', 'BLACKLIST', 'STRANGER', 'VIP'];
const NAME = 'Visitor 12';
const GROUPS = ['Engineering', 'Operations', 'Reception', 'Facilities', 'Couriers'];

/** What is overwritten when an event is sent, in the same number of bytes. */
const TIMESTAMP_FORM = 1_000_000_000_000;
const SEQUENCE_DIGITS = 12;
const SEQUENCE_FORM = '0'.repeat(SEQUENCE_DIGITS);
const IDENTITY = 'person-';

/** The person of the nth event: no two events of a run are the same to the gateway. */
export const identityOf = (sequence: number): string =>
  IDENTITY + String(sequence).padStart(SEQUENCE_DIGITS, '0');

export const deviceIds = (devices: number): string[] =>
  Array.from({ length: devices }, (_, index) => `device-${String(index + 1).padStart(4, '0')}`);

export const factsOf = (devices: number): Filtered[] =>
  deviceIds(devices).map((deviceId, index) => ({
    deviceId,
    personType: PERSON_TYPES[index % PERSON_TYPES.length] ?? 'UNKNOWN',
    groupName: GROUPS[Math.floor(index / 2) % GROUPS.length] ?? '',
    // Two decimals, so that no filter of a test falls between a number and itself.
    similarity: ((index * 37) % 100) / 100,
  }));

/** A WebSocket frame that holds an event, with the places that differ from event to event. */
interface PreparedFrame {
  readonly bytes: Buffer;
  readonly timestampAt: number;
  readonly sequenceAt: number;
}

/** The base64 of an event's pictures, by their names in the schema. */
export interface EventPictures {
  readonly faceImage: string;
  readonly sceneImage: string;
  readonly registeredImage: string;
}

const NO_PICTURES: EventPictures = { faceImage: '', sceneImage: '', registeredImage: '' };

/** One event as the box sends it, over and over, each time as another person's. */
export class PreparedEvent {
  readonly facts: Filtered;
  /** Empty texts when the box has none. */
  readonly pictures: EventPictures;
  readonly #plain: PreparedFrame;
  readonly #pictured: PreparedFrame;

  constructor(facts: Filtered, { pictureBytes, name = NAME }: Omit<PoolOptions, 'devices'>) {
    this.facts = facts;
    this.pictures =
      pictureBytes === 0
        ? NO_PICTURES
        : {
            faceImage: base64Jpeg(pictureBytes),
            sceneImage: base64Jpeg(pictureBytes),
            registeredImage: base64Jpeg(pictureBytes),
          };
    this.#plain = prepare(facts, NO_PICTURES, name);
    this.#pictured = prepare(facts, this.pictures, name);
  }

  /** A whole frame of its own. @param now ms since the Unix epoch. */
  frame(sequence: number, now: number, withPictures: boolean): Buffer {
    const { bytes, timestampAt, sequenceAt } = withPictures ? this.#pictured : this.#plain;
    const frame = Buffer.from(bytes);
    frame.write(String(now), timestampAt, 'latin1');
    frame.write(String(sequence).padStart(SEQUENCE_DIGITS, '0'), sequenceAt, 'latin1');
    return frame;
  }
}

export const preparePool = ({ devices, ...options }: PoolOptions): PreparedEvent[] =>
  factsOf(devices).map((facts) => new PreparedEvent(facts, options));

function prepare(facts: Filtered, pictures: EventPictures, name: string): PreparedFrame {
  const bytes = textFrame(Buffer.from(JSON.stringify(wireEvent(facts, pictures, name))));
  return {
    bytes,
    timestampAt: endOf(bytes, '"timestamp":'),
    sequenceAt: endOf(bytes, `"identity_id":"${IDENTITY}`),
  };
}

const endOf = (bytes: Buffer, text: string): number => bytes.indexOf(text) + text.length;

/** The members in the order of the seed's sample. */
function wireEvent(
  facts: Filtered,
  { faceImage, sceneImage, registeredImage }: EventPictures,
  name: string,
) {
  const personType = PERSON_TYPES.indexOf(facts.personType) + 1;
  return {
    reg_pic: registeredImage,
    ext_data: {
      person_type: personType,
      device_ip: '192.168.1.64',
      device_type: '0',
      ...(faceImage !== '' && { spot_pic: sceneImage, recognize_face: faceImage }),
    },
    identity_id: IDENTITY + SEQUENCE_FORM,
    device_id: facts.deviceId,
    identity_info: {
      addTime: 1_602_612_036,
      image_id: '1602612036.3828533',
      name,
      type: personType,
    },
    score: facts.similarity,
    timestamp: TIMESTAMP_FORM,
    group_name: facts.groupName,
    identity_name: name,
    video_id: facts.deviceId,
  };
}

/** A JPEG by its first bytes, and noise behind them: nothing on the way looks further. */
function base64Jpeg(byteLength: number): string {
  const bytes = randomBytes(byteLength);
  bytes.set([0xff, 0xd8, 0xff]);
  return bytes.toString('base64');
}
