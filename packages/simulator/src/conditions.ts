/**
 * How an answer of the HTTP side fails.
 *
 * - `status`: HTTP 500 with no body worth reading.
 * - `envelope`: the vendor's error envelope.
 * - `not-json`: 200 with a page of HTML.
 * - `unanswered`: the request is read, and nothing is ever said.
 * - `slow`: the right answer trickles for 4 seconds.
 * - `huge`: the right answer padded with 64 MiB.
 * - `missing`: the firmware has no such endpoint, 404.
 */
export type AnswerFault =
  | 'status'
  | 'envelope'
  | 'not-json'
  | 'unanswered'
  | 'slow'
  | 'huge'
  | 'missing';

/** What is wrong with the box now. Whoever does a step asks here how it goes wrong. */
export interface Conditions {
  silent: boolean;
  ignorePings: boolean;
  duplicate: boolean;
  outOfOrder: boolean;
  /** Events trickle at this pace; undefined: as fast as the network takes them. */
  bytesPerSecond: number | undefined;
  /** By how much the box's clock is ahead of ours, in ms. */
  clockOffsetMs: number;
  deviceList: AnswerFault | undefined;
  storedEvents: AnswerFault | undefined;
  pictures: AnswerFault | undefined;
}

export const healthy = (clockOffsetMs: number): Conditions => ({
  silent: false,
  ignorePings: false,
  duplicate: false,
  outOfOrder: false,
  bytesPerSecond: undefined,
  clockOffsetMs,
  deviceList: undefined,
  storedEvents: undefined,
  pictures: undefined,
});
