import { expect, it } from 'vitest';
import { newAlarmId } from '../../../src/journal/alarm/alarm.ts';
import type { Journal } from '../../../src/journal/journal.ts';
import { actEntry, ruleMatch, watchedEntry } from '../../support/alarms.ts';
import { FailoverRig, large } from '../../support/failover.ts';

const allOf = async (journal: Journal, order: 'opened' | 'changed') =>
  (await journal.alarms({ filter: {}, order, count: 100 })).alarms;

it('shows alarms of the file and of memory in one order, and acts on those of memory', async () => {
  await using rig = await FailoverRig.with();
  const { journal } = rig;
  const [inFile, inMemory] = [ruleMatch(), ruleMatch()];
  await journal.append(watchedEntry({}, inFile));
  await rig.fill();
  await journal.append(large());
  await journal.append(watchedEntry({}, inMemory));
  const act = actEntry(inMemory.alarm, 'ACKNOWLEDGE');
  await journal.append(act);
  const idsOf = async (order: 'opened' | 'changed') =>
    (await allOf(journal, order)).map(({ id }) => id);
  expect(await idsOf('opened')).toEqual([inMemory.alarm, inFile.alarm]);
  expect(await idsOf('changed')).toEqual([inFile.alarm, inMemory.alarm]);
  const first = await journal.alarms({ filter: {}, order: 'opened', count: 1 });
  expect(first).toMatchObject({ alarms: [{ id: inMemory.alarm }], isMore: true });
  for (const alarm of [inFile.alarm, newAlarmId()]) {
    await expect(journal.append(actEntry(alarm, 'CLOSE'))).rejects.toThrow(
      expect.objectContaining({ code: 'OVERLOADED' }),
    );
  }
  const before = await allOf(journal, 'opened');
  await rig.makeRoom();
  await rig.restart();
  // What memory has judged stays as it was told, though the file would have extended its own alarm.
  expect(await allOf(rig.journal, 'opened')).toEqual(before);
  expect(await rig.journal.append(act)).toMatchObject({ isDuplicate: true });
  await rig.journal.append(actEntry(inFile.alarm, 'CLOSE'));
  expect(await rig.journal.alarm(inFile.alarm)).toMatchObject({ state: 'CLOSED' });
});
