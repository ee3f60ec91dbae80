import { z } from 'zod';
import type { Recognition } from './recognition.ts';

/** What a client asked for last, in its configuration message. */
export interface Configuration {
  readonly needFace: boolean;
  readonly needRegister: boolean;
  /** The devices whose events are wanted; empty means none [assumed]. */
  readonly eventList: readonly string[];
}

const configurationSchema = z
  .object({
    need_face: z.boolean().default(false),
    need_register: z.boolean().default(false),
    event_list: z.array(z.string()).default([]),
  })
  .transform(
    (wire): Configuration => ({
      needFace: wire.need_face,
      needRegister: wire.need_register,
      eventList: wire.event_list,
    }),
  );

/** @throws {SyntaxError | z.ZodError} when the message is not a configuration in JSON. */
export const parseConfiguration = (message: string): Configuration =>
  configurationSchema.parse(JSON.parse(message));

/**
 * The event as one message, its members in the order of the seed's sample. `need_face` gates the
 * scene as well as the face [assumed]; `video_id` and `event_id` are what the seed's script reads.
 */
export const encodeEvent = (
  event: Recognition & { readonly eventId: string },
  { needFace, needRegister }: Pick<Configuration, 'needFace' | 'needRegister'>,
): Buffer =>
  Buffer.from(
    JSON.stringify({
      reg_pic: needRegister ? event.pictures.registered : '',
      ext_data: {
        person_type: event.personType,
        device_ip: event.deviceIp,
        device_type: event.deviceType,
        ...(needFace && event.pictures.scene !== '' && { spot_pic: event.pictures.scene }),
        ...(needFace && event.pictures.face !== '' && { recognize_face: event.pictures.face }),
        ...event.extra,
      },
      identity_id: event.identityId,
      device_id: event.deviceId,
      identity_info: event.identityInfo,
      score: event.score,
      timestamp: event.timestamp,
      group_name: event.groupName,
      identity_name: event.identityName,
      video_id: event.deviceId,
      event_id: event.eventId,
    }),
  );
