import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Clock } from '@se5/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DailyFiles } from '../../src/audit/daily-files.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2027-03-01T12:00:00Z');

/** A clock that stands still until it is told to go on. */
class SetClock implements Clock {
  readonly boot = undefined;
  wall = START;
  monotonic = 0;
  now = () => this.wall;
  elapsed = () => this.monotonic;
  sleep = () => Promise.resolve();
  pass(ms: number): void {
    this.wall += ms;
    this.monotonic += ms;
  }
}

let parts: AsyncDisposableStack;
let folder: string;
let clock: SetClock;
beforeEach(async () => {
  parts = new AsyncDisposableStack();
  const made = await mkdtempDisposable(join(tmpdir(), 'se5-audit-'));
  parts.defer(() => made.remove());
  folder = join(made.path, 'deep', 'audit');
  clock = new SetClock();
  distrusted = [];
});
afterEach(() => parts.disposeAsync());

let distrusted: number[];
const filesOf = (keepMs = 90 * DAY_MS) =>
  parts.use(
    new DailyFiles({
      folder,
      keepMs,
      clock,
      clockDistrusted: (aheadMs) => void distrusted.push(aheadMs),
    }),
  );

const textOf = (day: string) => readFileSync(join(folder, `audit-${day}.jsonl`), 'utf8');
const modeOf = (path: string) => statSync(path).mode & 0o777;

it('are for their owner alone, in a folder that is too', async () => {
  const files = filesOf();
  await files.append('{}\n', START);
  expect(modeOf(folder)).toBe(0o700);
  expect(modeOf(join(folder, 'audit-2027-03-01.jsonl'))).toBe(0o600);
});

it('are taken from others when others could read them', async () => {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  writeFileSync(join(folder, 'audit-2027-03-01.jsonl'), '', { mode: 0o644 });
  await filesOf().append('{}\n', START);
  expect(modeOf(folder)).toBe(0o700);
  expect(modeOf(join(folder, 'audit-2027-03-01.jsonl'))).toBe(0o600);
});

it('begin with each day in UTC', async () => {
  const files = filesOf();
  const midnight = Date.parse('2027-03-02T00:00:00Z');
  expect(files.joins(midnight - 1, midnight)).toBe(false);
  expect(files.joins(midnight, midnight + DAY_MS - 1)).toBe(true);
  await files.append('a\n', midnight - 1);
  await files.append('b\n', midnight);
  await files.append('c\n', midnight + DAY_MS - 1);
  // Somebody has set the clock back.
  await files.append('d\n', midnight - 1);
  expect([textOf('2027-03-01'), textOf('2027-03-02')]).toEqual(['a\nd\n', 'b\nc\n']);
});

it('go on where another gateway has left off, after the end of a torn line', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'audit-2027-03-01.jsonl'), 'whole\n{"to');
  const files = filesOf();
  await files.append('next\n', START);
  await files.append('last\n', START);
  expect(textOf('2027-03-01')).toBe('whole\n{"to\nnext\nlast\n');
});

it('reject while the folder can’t be made, and are written once it can', async () => {
  writeFileSync(join(folder, '..'), '');
  const files = filesOf();
  await expect(files.append('a\n', START)).rejects.toMatchObject({ code: 'ENOTDIR' });
  await rm(join(folder, '..'));
  await files.append('a\n', START);
  expect(textOf('2027-03-01')).toBe('a\n');
});

it('have whole lines only, when the disk takes a part of one', async () => {
  const fixture = fileURLToPath(new URL('fixtures/append-until-full.ts', import.meta.url));
  // Files of this process may have 20 blocks of 512 bytes: 10,240, which is no whole number of lines.
  const limited = 'trap \'\' XFSZ; ulimit -f 20; exec "$@"';
  const node = [process.execPath, '--conditions=@se5/source', fixture, folder];
  const { stdout } = await promisify(execFile)('sh', ['-c', limited, 'sh', ...node]);
  expect(stdout.trim()).toBe('EFBIG');
  const lines = textOf('2027-01-31').split('\n');
  expect(lines.splice(-2)).toEqual(['short', '']);
  expect(lines.length).toBeGreaterThanOrEqual(10);
  expect(new Set(lines)).toEqual(new Set(['x'.repeat(999)]));
});

it('are deleted when their day ended longer ago than they are kept', async () => {
  const files = filesOf(2 * DAY_MS);
  for (let day = 0; day < 4; day += 1) {
    await files.append('{}\n', clock.now());
    writeFileSync(join(folder, 'notes.txt'), 'not ours');
    await files.clean();
    clock.pass(DAY_MS);
  }
  // It is 5 March, 12:00: 2 March ended two and a half days ago.
  await files.clean();
  expect(readdirSync(folder).toSorted()).toEqual([
    'audit-2027-03-03.jsonl',
    'audit-2027-03-04.jsonl',
    'notes.txt',
  ]);
});

it('are not deleted when the clock jumps ahead by mistake', async () => {
  const files = filesOf(2 * DAY_MS);
  await files.append('{}\n', START);
  await utimes(join(folder, 'audit-2027-03-01.jsonl'), START / 1_000, START / 1_000);
  await files.clean();
  clock.wall += 365 * DAY_MS;
  await files.clean();
  expect(readdirSync(folder)).toHaveLength(1);
  expect(distrusted).toHaveLength(1);
  clock.pass(3_600_000);
  await files.clean();
  expect(readdirSync(folder)).toEqual([]);
});
