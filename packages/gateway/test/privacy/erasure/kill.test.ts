import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { EventRecord, Journal } from '../../../src/journal/journal.ts';
import { readAll } from '../../support/journals.ts';
import { openData, PERSON } from '../../support/sealed-data.ts';
import { drawing } from '../../support/seed.ts';
import { filesWith } from '../../support/traces.ts';

const CHILD = fileURLToPath(new URL('./fixtures/erase-until-killed.ts', import.meta.url));
const RUNS = 4;
const MOST_LINES = 120;

/** What was said before the kill: others by position, and up to where the person was erased. */
class Said {
  readonly others = new Map<number, string>();
  erasedTo = 0;
  persons = 0;

  take(line: string): void {
    const [what = '', position, id = ''] = line.split(' ');
    if (what === 'other') this.others.set(Number(position), id);
    if (what === 'person') this.persons += 1;
    if (what === 'erased') this.erasedTo = Number(position);
  }
}

/** Runs the child until it has said so many lines, and kills it somewhere in what comes next. */
async function killed(folder: string, run: number, lines: number, said: Said): Promise<void> {
  const args = ['--conditions=@se5/source', CHILD, folder, String(run)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let count = 0;
  for await (const line of createInterface(child.stdout)) {
    said.take(line);
    count += 1;
    if (count === lines) child.kill('SIGKILL');
  }
  await closed;
}

async function eventsOf(journal: Journal): Promise<EventRecord[]> {
  const { records } = await readAll(journal);
  return records.filter((record) => record.kind === 'event');
}

const ofPerson = (records: readonly EventRecord[]) =>
  records.filter(({ event }) => event.identityId === PERSON.identityId);

it('an erasure that is killed at any moment takes the person it said it took, here and in older copies, and nobody else', async () => {
  await using root = await mkdtempDisposable(join(tmpdir(), 'se5-erasure-'));
  const folder = join(root.path, 'data');
  const random = drawing();
  const said = new Said();
  const copies: { folder: string; erasedTo: number; others: number }[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    await killed(folder, run, 20 + random.below(MOST_LINES), said);
    const copy = join(root.path, `copy-${run}`);
    // As a backup takes it: without the keys.
    await cp(folder, copy, { recursive: true, filter: (path) => !path.includes('keys.db') });
    copies.push({ folder: copy, erasedTo: said.erasedTo, others: said.others.size });
  }
  expect(said.erasedTo).toBeGreaterThan(0);
  expect(said.persons).toBeGreaterThan(0);
  const traces = [PERSON.identityId, PERSON.identityName, 'a face of'];
  expect(await filesWith(root.path, ...traces)).toEqual([]);
  {
    await using data = await openData(folder);
    const records = await eventsOf(data.journal);
    const found = new Map(records.map(({ position, event }) => [position, event.identityId]));
    for (const [position, id] of said.others) expect(found.get(position as never)).toBe(id);
    for (const { position } of ofPerson(records)) expect(position).toBeGreaterThan(said.erasedTo);
    await data.journal.erase({ kind: 'identity', identityId: PERSON.identityId });
    await data.images.erase({ kind: 'identity', identityId: PERSON.identityId });
    expect(ofPerson(await eventsOf(data.journal))).toEqual([]);
  }
  let pictures = 0;
  for (const copy of copies) {
    await using data = await openData(copy.folder, join(folder, 'keys.db'));
    const records = await eventsOf(data.journal);
    expect(ofPerson(records)).toEqual([]);
    expect(records.length).toBeGreaterThanOrEqual(copy.others);
    for (const { event } of records) {
      const { face } = event.pictures;
      // What was appended just before the kill may have no picture yet.
      if (face && (await data.images.get(face.key))) pictures += 1;
    }
  }
  expect(pictures).toBeGreaterThan(0);
});
