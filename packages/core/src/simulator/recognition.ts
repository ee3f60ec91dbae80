import type { JsonObject } from '../protocol/json.ts';
import type { Portrait } from './portraits.ts';

/** What a box tells of one face: the content of an event, before it is put on the wire. */
export interface Recognition {
  readonly deviceId: string;
  /** By the box's clock, ms since the Unix epoch. */
  readonly timestamp: number;
  /** `""` for a stranger. Given the id of somebody enrolled, everything else is theirs. */
  readonly identityId: string;
  readonly identityName: string;
  readonly groupName: string;
  /** `{}` for a stranger. */
  readonly identityInfo: JsonObject;
  /** 1 employee, 2 visitor, 3 blacklist, 4 stranger, 5 VIP; given one, somebody of that kind is drawn. */
  readonly personType: number;
  /** 0 to 1. */
  readonly score: number;
  readonly deviceIp: string;
  /** 0 gate, 1 capture camera, 3 IPC (moving), 4 access control. */
  readonly deviceType: string;
  /** Further members of `ext_data`. */
  readonly extra: JsonObject;
  /** Base64 of JPEG files; `""` where there is none. A connection gets those it asked for. */
  readonly pictures: Portrait;
}

/** A recognition as it was told. */
export interface SentEvent extends Recognition {
  /** The box's own count, in decimal; begins again at 1 when the box restarts. */
  readonly eventId: string;
  /** To how many connections it went; 0 when nobody listened to its device. */
  readonly connections: number;
}
