import type { SentEvent } from '../world/sent-event.ts';
import type { ClientRecord } from './subscriber.ts';

/** Whether a client got something of each box that it asks for. */
export const hasHeard =
  (sent: readonly SentEvent[], boxIds: readonly string[]) =>
  ({ received, interest }: ClientRecord): boolean => {
    const heard = new Set(received.map(({ serial }) => sent[serial]?.boxId));
    return boxIds.every((boxId) => heard.has(boxId) || !interest.reaches(boxId));
  };

/** Whether a client got, a short while ago, what it asks for of these. */
export const hasAll =
  (events: readonly SentEvent[]) =>
  ({ received, interest }: ClientRecord): boolean => {
    const serials = new Set(received.slice(-REMEMBERED).map(({ serial }) => serial));
    return events.every((event) => serials.has(event.serial) || !interest.wants(event));
  };

/** More than all boxes say at last. */
const REMEMBERED = 500;
