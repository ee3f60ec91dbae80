import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { journalFile, openAt, readAll } from '../support/journals.ts';
import { drawing } from '../support/seed.ts';

const CHILD = fileURLToPath(new URL('./fixtures/append-until-killed.ts', import.meta.url));
const KILLS = 3;

it('what was taken is there after kill -9 at any moment, in order and once', async () => {
  await using file = await journalFile();
  const random = drawing();
  const taken: string[] = [];
  for (let run = 0; run < KILLS; run += 1) {
    const args = ['--conditions=@se5/source', CHILD, file.path, String(run)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(child, 'close');
    const lines = taken.length + 1 + random.below(1_000);
    for await (const line of createInterface(child.stdout)) {
      taken.push(line);
      if (taken.length === lines) child.kill('SIGKILL');
    }
    await closed;
    expect(taken.length).toBeGreaterThanOrEqual(lines);
  }
  await using journal = await openAt(file.path);
  const { records, gaps } = await readAll(journal);
  expect(gaps).toEqual([]);
  const written = records.map(
    (record) => `${record.position} ${record.kind === 'event' ? record.event.identityId : ''}`,
  );
  expect(records.map(({ position }) => position)).toEqual(records.map((_, index) => index + 1));
  // The last transaction may have been written, and its word have been lost.
  const known = new Set(taken);
  expect(written.filter((line) => known.has(line))).toEqual(taken);
});
