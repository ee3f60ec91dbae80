import { expect, it } from 'vitest';
import { createMemoryJournal } from '../../../src/journal/memory-journal.ts';
import { Erasures } from '../../../src/privacy/erasure/erasures.ts';
import { appendAll, entry } from '../../support/journals.ts';

const UNOBSERVED = { erased() {}, failed() {} };

const person = (identityId: string) => ({ kind: 'identity', identityId }) as const;

/** The pictures of one erasure can be held up; then the next has not begun. */
async function heldUp() {
  const journal = createMemoryJournal();
  await appendAll(journal, [entry({ identityId: 'id-1' }), entry({ identityId: 'id-2' })]);
  const begun: string[] = [];
  const first = Promise.withResolvers<number>();
  const images = {
    erase: (target: { readonly kind: string; readonly identityId?: string }) => {
      begun.push(target.identityId ?? target.kind);
      return begun.length === 1 ? first.promise : Promise.resolve(0);
    },
    hasClear: async () => false,
    delete: async () => 0,
  };
  const erasures = new Erasures({ journal, images, forget() {} }, UNOBSERVED);
  return { erasures, begun, goOn: () => first.resolve(0), fail: first.reject };
}

it('begins one after the other, also behind one that failed', async () => {
  const { erasures, begun, fail } = await heldUp();
  const [one, two] = [erasures.erase(person('id-1')), erasures.erase(person('id-2'))];
  await expect.poll(() => begun).toEqual(['id-1']);
  fail(new Error('no disk'));
  await expect(one).rejects.toThrow('no disk');
  expect(await two).toEqual({ events: 1, pictures: 0, inClear: [] });
  expect(begun).toEqual(['id-1', 'id-2']);
});

it('ends what was begun when the gateway stops, and says so of what was not', async () => {
  const { erasures, begun, goOn } = await heldUp();
  const [one, two] = [erasures.erase(person('id-1')), erasures.erase(person('id-2'))];
  await expect.poll(() => begun).toEqual(['id-1']);
  const stopped = erasures[Symbol.asyncDispose]();
  goOn();
  expect(await one).toMatchObject({ events: 1 });
  await expect(two).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  await stopped;
});
