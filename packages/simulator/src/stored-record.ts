import type { JsonObject } from './json.ts';
import type { Recognition } from './recognition.ts';

/** A recognition in the store of its box. */
export interface StoredRecognition {
  readonly recognition: Recognition;
  readonly id: string;
  /** By the box's clock, s since the Unix epoch. */
  readonly timestamp: number;
  /** When it was stored, by our clock. */
  readonly at: number;
}

/**
 * The biometric template that stands in every stored event, as numbers and as base64, and is no
 * face's: so that a leak of it can be tested for.
 */
export const TEMPLATE = {
  feature: [-0.012911844067275524, -0.035866234451532364, 0.06599386781454086, -0.0043039480224],
  feature_binary: 'dGVtcGxhdGUtdGhhdC1tdXN0LW5ldmVyLWxlYWs=',
} as const;

export const facePictureId = ({ id }: StoredRecognition): string => `${id}1`;
export const scenePictureId = ({ id }: StoredRecognition): string => `${id}2`;

/** The event as `GET /SophonFace/api/events` has it [vendor]; `extra` is the simulator's own. */
export const storedRecord = (stored: StoredRecognition, kind: string | undefined): JsonObject => {
  const { recognition, id, timestamp } = stored;
  const { pictures } = recognition;
  return {
    _id: id,
    common: {
      card_id: '',
      ep_info: {
        device_id: recognition.deviceId,
        ep_id: `0xe0a509261422__${recognition.deviceIp}`,
        ep_ip: recognition.deviceIp,
        ep_name: '',
        ep_type: kind ?? 'photo',
      },
      frame_id: 0,
      group_id: '',
      group_name: recognition.groupName,
      identity_id: recognition.identityId,
      identity_info: recognition.identityInfo,
      identity_name: recognition.identityName,
      is_send: 0,
      permission_id: '',
      permission_name: '',
      person_type: recognition.personType,
      recognize_face_attr: {
        age: null,
        box: [48, 15, 171, 189],
        expression: null,
        feature: TEMPLATE.feature,
        gender: null,
        glasses: null,
        hat: null,
        mask: null,
        point: [],
      },
      recognize_face_pic_id: pictures.face === '' ? '' : facePictureId(stored),
      score: recognition.score,
      spot_pic_id: pictures.scene === '' ? '' : scenePictureId(stored),
      want_action: '0',
      ...recognition.extra,
    },
    gate_data: {},
    grab_data: {},
    timestamp,
    video_data: { track_id: id, tracked: [{ feature_binary: TEMPLATE.feature_binary }] },
  };
};
