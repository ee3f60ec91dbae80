import { expect, it } from 'vitest';
import { erase } from '../../../src/privacy/erasure/erase.ts';
import { createMemoryJournal } from '../../../src/journal/memory-journal.ts';
import { appendAll, entry } from '../../support/journals.ts';

it('drops what was made of events also when not all could be erased', async () => {
  const journal = createMemoryJournal();
  await appendAll(journal, [entry({ identityId: 'person-7f3a' })]);
  const refuse = () => Promise.reject(new Error('the disk is gone'));
  const images = { erase: refuse, release: refuse, releaseBefore: refuse };
  let forgotten = 0;
  const forget = () => {
    forgotten += 1;
  };
  const target = { kind: 'identity', identityId: 'person-7f3a' } as const;
  await expect(erase(target, { journal, images, forget }, () => {})).rejects.toThrow('gone');
  expect(forgotten).toBe(1);
});
