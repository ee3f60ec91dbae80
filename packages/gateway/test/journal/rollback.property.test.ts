import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RolledJournal } from '../support/rolled-journal.ts';

type Step = readonly [name: string, run: (rolled: RolledJournal) => unknown];

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }).map(appending) },
  { weight: 5, arbitrary: fc.nat(20).map(holding) },
  { weight: 2, arbitrary: fc.constant<Step>(['copy', (rolled) => rolled.copy()]) },
  { weight: 3, arbitrary: fc.nat(5).map(rollingBack) },
  { weight: 2, arbitrary: fc.constant<Step>(['fail', (rolled) => rolled.fail()]) },
  { weight: 2, arbitrary: fc.constant<Step>(['recover', (rolled) => rolled.recover()]) },
  { weight: 1, arbitrary: fc.constant<Step>(['restart', (rolled) => rolled.restart()]) },
  {
    weight: 1,
    arbitrary: fc.constant<Step>(['restart without', (rolled) => rolled.restartWithoutFile()]),
  },
);

function appending(count: number): Step {
  return [`append ${count}`, (rolled) => rolled.append(count)];
}

function holding(choice: number): Step {
  return [`hold ${choice}`, (rolled) => rolled.hold(choice)];
}

function rollingBack(choice: number): Step {
  return [`roll back ${choice}`, (rolled) => rolled.rollBack(choice)];
}

/** What holds while the file can be written. */
async function assertResumes(rolled: RolledJournal): Promise<void> {
  const { all, holders } = await rolled.read();
  expect(all).toEqual(rolled.log.map(({ id }) => id));
  for (const { seen, gets, gap } of holders) {
    const unseen = all.filter((id) => !seen.includes(id));
    expect(gets).toEqual(expect.arrayContaining(unseen));
    const isAllThere = seen.every((id, index) => all[index] === id);
    if (isAllThere) expect(gap).toBeUndefined();
    if (isAllThere) expect(gets).toEqual(unseen);
  }
}

it('whoever resumes gets all that it has not seen, and a gap only when something is gone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 8, maxLength: 24 }), async (steps) => {
      await using rolled = await RolledJournal.open();
      for (const [, run] of steps) {
        await run(rolled);
        if (!rolled.isInOutage) await assertResumes(rolled);
      }
      await rolled.recover();
      await assertResumes(rolled);
    }),
    { numRuns: 12 },
  );
});

it('a copy knows its last record by the cursor that an outage after it gave out', async () => {
  await using rolled = await RolledJournal.open();
  await rolled.copy();
  await rolled.restart();
  await rolled.fail();
  const [first] = rolled.log;
  rolled.holdAt(first?.position ?? 0);
  await rolled.restart();
  await rolled.append(1);
  await rolled.rollBack(0);
  await assertResumes(rolled);
});
