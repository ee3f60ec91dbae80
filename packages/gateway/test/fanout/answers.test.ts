import { expect, it } from 'vitest';
import { UNLIMITED } from '../../src/access/roles.ts';
import { Answers } from '../../src/fanout/answers.ts';
import { Shape } from '../../src/fanout/shape.ts';
import type { Position } from '../../src/journal/journal.ts';
import { Inside } from '../support/inside.ts';
import { boxId, recognition } from '../support/recognitions.ts';
import { executorOf } from '../support/subscriber.ts';

it('makes an answer anew once it is too old, because the addresses in it expire', async () => {
  let now = 0;
  const answers = new Answers({ maxBytes: 1_000_000, maxAgeMs: 1_000, now: () => now });
  using inside = new Inside();
  const shape = new Shape('', {
    withImages: true,
    permissionClass: UNLIMITED,
    executor: executorOf(inside, 'subscription { recognitionEvents(withImages: true) { id } }'),
  });
  const delivery = {
    event: recognition({ boxId: boxId('a') }),
    position: 7 as Position,
    ...{ replayed: true, isPast: true, withImages: true, imagesOmitted: false, gapsBefore: [] },
  };
  const made = await answers.of(shape, delivery);
  now = 999;
  expect(await answers.of(shape, delivery)).toBe(made);
  now = 1_000;
  const anew = await answers.of(shape, delivery);
  expect(anew).not.toBe(made);
  now = 1_999;
  expect(await answers.of(shape, delivery)).toBe(anew);
  expect(answers.executions).toBe(2);
});
