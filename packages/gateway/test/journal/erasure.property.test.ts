import { dirname } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SqliteJournal } from '../../src/journal/sqlite/sqlite-journal.ts';
import { appendAll, entry, erasePerson, journalFile, openAt } from '../support/journals.ts';
import { filesWith } from '../support/traces.ts';

const idOf = (person: number) => `person-${person}-of-the-property`;

interface Opened {
  readonly path: string;
  readonly journal: SqliteJournal;
}

type Step = (opened: Opened) => Promise<void>;

/** Of up to three pages: long ones have pages of their own, which they fill in part. */
const anyLength = fc.oneof(
  fc.integer({ max: 12_000, min: 0 }),
  fc.integer({ max: 4_200, min: 3_700 }),
);

const appending: fc.Arbitrary<Step> = fc
  .tuple(fc.nat(3), fc.integer({ min: 1, max: 40 }), anyLength)
  .map(([person, count, length]) => async ({ journal }) => {
    const id = idOf(person);
    const about = id.repeat(Math.ceil(length / id.length));
    const entries = Array.from({ length: count }, () =>
      entry({ identityId: id, identityName: `name of ${id}`, identityInfo: { about } }),
    );
    await appendAll(journal, entries);
  });

const retaining: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 200 }).map(
  (maxRecords) =>
    ({ journal }) =>
      journal.retain({ maxRecords }),
);

const erasing: fc.Arbitrary<Step> = fc.nat(3).map((person) => async ({ path, journal }) => {
  await erasePerson(journal, idOf(person));
  expect(await filesWith(dirname(path), idOf(person))).toEqual([]);
});

it('no byte of an erased person is in the file, whatever was appended, retained and erased before', async () => {
  const anyStep = fc.oneof(
    { weight: 6, arbitrary: appending },
    { weight: 4, arbitrary: retaining },
    { weight: 1, arbitrary: erasing },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength: 60 }), async (steps) => {
      await using file = await journalFile();
      await using journal = await openAt(file.path);
      const opened = { path: file.path, journal };
      for (const step of steps) await step(opened);
      for (let person = 0; person <= 3; person += 1) {
        await erasePerson(journal, idOf(person));
        expect(await filesWith(dirname(file.path), idOf(person))).toEqual([]);
      }
    }),
    { numRuns: 12, endOnFailure: true },
  );
});
