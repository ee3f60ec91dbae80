import { randomBytes } from 'node:crypto';

/** Every box has this one device. */
export const DEVICE = 'device-1';

/** Each sending overwrites the time and the person, in the same number of bytes. */
const TIMESTAMP_FORM = 1_000_000_000_000;
const IDENTITY = 'person-';

const digitsOf = (sequence: number): string => String(sequence).padStart(12, '0');

/** The person of the nth event: no two events of a run are the same to the gateway. */
export const identityOf = (sequence: number): string => IDENTITY + digitsOf(sequence);

/** NaN of any other person. */
export const sequenceOf = (identity: string): number => Number(identity.slice(IDENTITY.length));

/** The base64 of an event's pictures, by their names in the schema. */
export interface EventPictures {
  readonly faceImage: string;
  readonly sceneImage: string;
  readonly registeredImage: string;
}

/** An event as a box sends it, over and over, each time as another person's. */
export class PreparedEvent {
  readonly pictures: EventPictures;
  readonly #plain: Buffer;
  readonly #pictured: Buffer;

  /** @param pictureBytes is the size of each picture, decoded; 0: the box has none to send. */
  constructor(pictureBytes: number, name = 'Visitor 12') {
    this.pictures = {
      faceImage: base64Jpeg(pictureBytes),
      sceneImage: base64Jpeg(pictureBytes),
      registeredImage: base64Jpeg(pictureBytes),
    };
    this.#plain = Buffer.from(JSON.stringify(wireEvent(name)));
    this.#pictured = Buffer.from(JSON.stringify(wireEvent(name, this.pictures)));
  }

  get hasPictures(): boolean {
    return this.pictures.faceImage !== '';
  }

  /** @param now ms since the Unix epoch. @returns a message that the next call writes over. */
  message(sequence: number, now: number, withPictures: boolean): Buffer {
    const message = withPictures ? this.#pictured : this.#plain;
    // Both places are behind the pictures, so they are quickly found from the end.
    message.write(String(now), endOf(message, '"timestamp":'), 'latin1');
    message.write(digitsOf(sequence), endOf(message, `"identity_id":"${IDENTITY}`), 'latin1');
    return message;
  }
}

const endOf = (message: Buffer, text: string): number => message.lastIndexOf(text) + text.length;

/** The members in the order of the seed's sample. */
const wireEvent = (name: string, pictures?: EventPictures) => ({
  reg_pic: pictures?.registeredImage ?? '',
  ext_data: {
    person_type: 1,
    device_ip: '192.168.1.64',
    device_type: '0',
    ...(pictures && { spot_pic: pictures.sceneImage, recognize_face: pictures.faceImage }),
  },
  identity_id: identityOf(0),
  device_id: DEVICE,
  identity_info: { addTime: 1_602_612_036, image_id: '1602612036.3828533', name, type: 1 },
  score: 0.82,
  timestamp: TIMESTAMP_FORM,
  group_name: 'Engineering',
  identity_name: name,
  video_id: DEVICE,
});

/** A JPEG by its first bytes, and noise behind them: nothing on the way looks further. */
function base64Jpeg(byteLength: number): string {
  const bytes = randomBytes(byteLength);
  bytes.set([0xff, 0xd8, 0xff].slice(0, byteLength));
  return bytes.toString('base64');
}
