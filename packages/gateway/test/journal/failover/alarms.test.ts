import { expect, it } from 'vitest';
import { newAlarmId } from '../../../src/journal/alarm/alarm.ts';
import { actEntry, alarmsOf, outcomeOf, ruleMatch, watchedEntry } from '../../support/alarms.ts';
import { FailoverRig, large } from '../../support/failover.ts';

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
  const before = await alarmsOf(journal);
  expect(before.map(({ id }) => id)).toEqual([inMemory.alarm, inFile.alarm]);
  const changed = await journal.alarms({ filter: {}, order: 'changed', count: 2 });
  expect(changed).toMatchObject({ alarms: before.toReversed(), isMore: false });
  const first = await journal.alarms({ filter: {}, order: 'opened', count: 1 });
  expect(first).toMatchObject({ alarms: [{ id: inMemory.alarm }], isMore: true });
  for (const alarm of [inFile.alarm, newAlarmId()]) {
    expect(await outcomeOf(journal, actEntry(alarm, 'CLOSE'))).toBe('OVERLOADED');
  }
  await rig.makeRoom();
  await rig.restart();
  // What memory has judged stays as it was told, though the file would have extended its own alarm.
  expect(await alarmsOf(rig.journal)).toEqual(before);
  expect(await rig.journal.append(act)).toMatchObject({ isDuplicate: true });
  await rig.journal.append(actEntry(inFile.alarm, 'CLOSE'));
  expect(await rig.journal.alarm(inFile.alarm)).toMatchObject({ state: 'CLOSED' });
});
