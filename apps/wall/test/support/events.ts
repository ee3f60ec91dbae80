import type { Box, RecognitionEvent } from '@se5/client';

/** As much of an event as the state looks at. */
export const eventOf = (
  id: string,
  occurredAt: string,
  { identityId = '', deviceId = 'box/1' }: { identityId?: string | null; deviceId?: string } = {},
): RecognitionEvent =>
  ({ id, occurredAt, identityId, device: { id: deviceId } }) as unknown as RecognitionEvent;

export const boxOf = (
  id: string,
  state: Box['link']['state'],
  { since = '2026-03-01T10:00:00Z', attempts = 0 } = {},
): Box => ({ id, name: id, link: { state, since, attempts } }) as unknown as Box;
