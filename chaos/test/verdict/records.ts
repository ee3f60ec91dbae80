import type { Interest } from '../../src/clients/interest.ts';
import type { Gap, Received } from '../../src/clients/received.ts';
import type { ClientRecord } from '../../src/clients/subscriber.ts';
import type { Fault } from '../../src/plan/fault.ts';
import type { Trouble } from '../../src/world/carry-out.ts';
import type { SentEvent } from '../../src/world/sent-event.ts';

export const sent = (serial: number, given: Partial<SentEvent> = {}): SentEvent => ({
  serial,
  siteId: 'north',
  boxId: 'lobby',
  deviceId: 'gate',
  at: serial * 1_000,
  personType: 1,
  person: undefined,
  score: 0.9,
  listeners: 1,
  isRepeated: false,
  ...given,
});

export const received = (serial: number, given: Partial<Received> = {}): Received => ({
  id: `id ${serial}`,
  serial,
  deviceId: 'lobby/gate',
  receivedAt: serial * 1_000,
  delivery: 'LIVE',
  replayed: false,
  cursor: `cursor ${serial}`,
  epoch: 'file',
  gapsBefore: [],
  at: serial * 1_000,
  ...given,
});

export const gap = (from: number, to: number, given: Partial<Gap> = {}): Gap => ({
  reason: 'BOX_UNREACHABLE',
  boxId: 'lobby',
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
  count: null,
  ...given,
});

export const trouble = (fault: Fault, from = 100_000, to = 101_000): Trouble => ({
  fault: { ...fault, at: 0 },
  from,
  to,
});

const everything: Interest = {
  title: 'everything',
  wish: {},
  wants: () => true,
  reaches: () => true,
};

export const client = (events: readonly Received[]): ClientRecord => ({
  name: 'client',
  interest: everything,
  received: events,
  ended: undefined,
});

export const whats = (findings: readonly { readonly what: string }[]): readonly string[] =>
  findings.map(({ what }) => what);
