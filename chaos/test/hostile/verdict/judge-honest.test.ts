import { expect, it } from 'vitest';
import type { Received } from '../../../src/clients/received.ts';
import { judgeHonest } from '../../../src/hostile/verdict/judge-honest.ts';
import { client, gap, received, sent as sentEvent, whats } from '../../verdict/records.ts';

const sent = [0, 1, 2].map((serial) => sentEvent(serial));
const journal = sent.map(({ serial }) => received(serial));

const judge = (events: readonly Received[]) => whats(judgeHonest(client(events), sent, journal));

it('finds nothing where all came once and in order', () => {
  expect(judge(journal)).toEqual([]);
});

it('finds what is missing, and what came twice or out of order', () => {
  const [first, second, third] = [received(0), received(1), received(2)];
  expect(judge([first, second])).toEqual([expect.stringMatching('event 2 of .* is missing')]);
  expect(judge([first, second, third, third])).toContain('event 2 came twice');
  expect(judge([second, first, third])).toEqual(['event 0 is out of order']);
});

it('finds what a hostile box said, and a gap', () => {
  const forged = received(-1);
  expect(judge([...journal, forged])).toContain('event -1 was not asked for');
  const behindGap = received(2, { gapsBefore: [gap(0, 1)] });
  expect(judge([received(0), received(1), behindGap])).toEqual([
    'a gap BOX_UNREACHABLE was declared',
  ]);
});
