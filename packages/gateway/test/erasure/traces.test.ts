import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { toDeviceId } from '@se5/core';
import { expect, it } from 'vitest';
import { filesSetAside, lookForTraces } from '../../src/erasure/traces.ts';
import {
  appendAll,
  entry,
  erasePerson,
  gapEntry,
  journalFile,
  openAt,
} from '../support/journals.ts';
import { boxId, siteId } from '../support/recognitions.ts';

/** A journal from which the person with this id was erased, and what else was in it was not. */
async function erased(identityId: string, others: Parameters<typeof appendAll>[1]) {
  const file = await journalFile();
  await using journal = await openAt(file.path);
  await appendAll(journal, [entry({ identityId }), ...others]);
  await erasePerson(journal, identityId);
  return file;
}

it.each([
  ['a device', entry({ deviceId: toDeviceId('cam-1001') })],
  ['a box', entry({ boxId: boxId('box-1001') })],
  ['a site', entry({ siteId: siteId('site-1001') })],
  ['a box that only had a gap', gapEntry({ boxId: boxId('box-1001') })],
])('that an id is part of what %s is called is no trace of the person', async (_, other) => {
  await using file = await erased('1001', [other]);
  expect(await lookForTraces(file.path, ['1001'])).toMatchObject({
    left: [],
    others: 0,
    isInNames: true,
  });
});

it.each(['position', 'event_by_identity'])(
  'neither is that the journal calls something of its own %s',
  async (text) => {
    await using file = await erased(text, [entry()]);
    expect(await lookForTraces(file.path, [text])).toMatchObject({
      left: [],
      others: 0,
      isInNames: true,
    });
  },
);

it('what was set aside is looked into, and what another gateway has beside it is not', async () => {
  await using file = await erased('person-7f3a', [entry()]);
  const aside = `${file.path}.damaged-20260101T000000Z`;
  for (const path of [aside, `${aside}-wal`, `${file.path}2`, `${file.path}2-wal`]) {
    await writeFile(path, 'with person-7f3a in it');
  }
  const { left } = await lookForTraces(file.path, ['person-7f3a']);
  expect(left.toSorted()).toEqual([aside, `${aside}-wal`]);
  expect((await filesSetAside(file.path)).toSorted()).toEqual([aside, `${aside}-wal`]);
});

it('a path that begins with a dot is as good as any', async () => {
  await using file = await erased('person-7f3a', [entry({ identityName: 'not person-7f3a' })]);
  const path = `./${relative(process.cwd(), file.path)}`;
  expect(await lookForTraces(path, ['person-7f3a'])).toMatchObject({ left: [], others: 1 });
  await writeFile(`${path}.damaged-20260101T000000Z`, 'half a journal');
  expect(await filesSetAside(path)).toEqual([`${path}.damaged-20260101T000000Z`]);
});
