import type { RecognitionEvent } from '@se5/client';
import { expect, test } from 'vitest';
import type { Row } from '../../src/state/row.ts';
import { summary } from '../../src/stream/summary.ts';
import { english } from '../support/english.ts';

const gap: Row = {
  kind: 'gap',
  key: 'gap',
  gap: { reason: 'RETENTION', from: null, to: null, boxId: null, count: null },
};
const event = (personType: RecognitionEvent['personType']): Row => ({
  kind: 'event',
  key: personType,
  event: { personType } as RecognitionEvent,
});

test.each<[readonly Row[], string]>([
  [[], ''],
  [[event('VISITOR')], '1 new recognition'],
  [[event('VISITOR'), event('VIP')], '2 new recognitions'],
  [[gap], '1 gap'],
  [[event('BLACKLIST'), gap], '1 new recognition, 1 on the blacklist, 1 gap'],
  [
    [event('VISITOR'), event('BLACKLIST'), gap, gap],
    '2 new recognitions, 1 on the blacklist, 2 gaps',
  ],
])('what has come is said in singular and plural: %#', (rows, text) => {
  expect(summary(rows, english).join(', ')).toBe(text);
});
