import { describe, expect, it, vi } from 'vitest';
import { HELD, holdAnswer } from '../support/held-answer.ts';
import { Inside, published } from '../support/inside.ts';
import { erasePerson, positionsOf } from '../support/journals.ts';

describe('what is kept for those who catch up', () => {
  const erase = async (inside: Inside, identityId: string) => {
    await erasePerson(inside.journal, identityId);
    inside.fanout.forget();
  };

  /** The next page is read at once, and handed over when it is let go. */
  const holdRead = ({ journal }: Inside) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const original = journal.read.bind(journal);
    const read = vi.spyOn(journal, 'read').mockImplementationOnce(async (after, limit) => {
      const page = await original(after, limit);
      await promise;
      return page;
    });
    return { read, letGo: resolve };
  };

  it('has nothing that was erased after it was read', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    await inside.event({ identityId: 'gone' });
    const stays = await inside.event({ identityId: 'stays' });
    const slow = inside.subscribe({ after });
    slow.readsOneByOne();
    await slow.take(1);
    await erase(inside, 'gone');
    const next = inside.subscribe({ after });
    expect(positionsOf(await next.take(1))).toEqual(positionsOf([stays]));
  });

  it('has nothing that was erased while it was read', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    await inside.event({ identityId: 'gone' });
    const stays = await inside.event({ identityId: 'stays' });
    const { letGo } = holdRead(inside);
    const subscriber = inside.subscribe({ after });
    await erase(inside, 'gone');
    letGo();
    expect(positionsOf(await subscriber.take(1))).toEqual(positionsOf([stays]));
  });

  it('has no answer that was being made when all was forgotten', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    await inside.events(2);
    const letGo = holdAnswer(inside);
    const slow = inside.subscribe({ after, selection: HELD });
    slow.readsOneByOne();
    await published();
    inside.fanout.forget();
    letGo();
    await slow.take(1);
    await inside.subscribe({ after, selection: HELD }).take(2);
    expect(inside.fanout.executions).toBe(3);
  });

  it('is no page that comes when nobody waits for it any more', async () => {
    using inside = new Inside();
    const after = inside.cursor;
    const records = await inside.events(2);
    const { read, letGo } = holdRead(inside);
    const leaves = inside.subscribe({ after });
    await leaves.return();
    letGo();
    await published();
    const next = inside.subscribe({ after });
    expect(positionsOf(await next.take(2))).toEqual(positionsOf(records));
    expect(read).toHaveBeenCalledTimes(2);
  });
});
