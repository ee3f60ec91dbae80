import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@se5/core';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { openAudit } from '../../src/audit/open-audit.ts';
import { STDOUT } from '../../src/config/access.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';

const lineSchema = z.looseObject({ kind: z.string(), lines: z.number().optional() });

/** All that is in the pipe now. */
function read(fd: number): string {
  const chunk = Buffer.alloc(65_536);
  let text = '';
  try {
    for (let length = 1; length > 0; ) {
      length = readSync(fd, chunk);
      text += chunk.toString('utf8', 0, length);
    }
  } catch (error) {
    expect(error).toMatchObject({ code: 'EAGAIN' });
  }
  return text;
}

it('an audit on a pipe that nobody reads never waits, and says afterwards what is missing', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-audit-'));
  const pipe = join(folder.path, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const fd = openSync(pipe, constants.O_WRONLY);
  const opened = openAudit(
    { path: STDOUT, keepMs: 1 },
    { logger: silentLogger, clock: systemClock, fd },
  );
  const LINES = 20_000;
  // A write that waited would never return: nobody else is there to read.
  for (let line = 0; line < LINES; line += 1) opened.audit.erased({ events: line, pictures: 0 });
  const lost = opened.linesLost;
  expect(lost).toBeGreaterThan(0);

  let text = '';
  opened.audit.reloaded(['lost as well, or the first to come']);
  for (let seen = ''; !seen.includes('"reloaded"'); ) {
    seen = read(reader);
    text += seen;
    await opened[Symbol.asyncDispose]();
    if (!text.includes('"dropped"')) opened.audit.reloaded(['again']);
  }
  const lines = text
    .split('\n')
    .slice(0, -1)
    .map((line) => lineSchema.parse(JSON.parse(line)));
  const count = (kind: string) => lines.filter((line) => line.kind === kind).length;
  const dropped = lines.reduce((sum, { lines: missing = 0 }) => sum + missing, 0);
  expect(count('dropped')).toBeGreaterThan(0);
  expect(count('erased')).toBe(LINES - lost);
  expect(dropped).toBe(opened.linesLost);
  closeSync(reader);
  closeSync(fd);
});

it('an audit that is not configured writes nothing', async () => {
  const opened = openAudit(undefined, { logger: silentLogger, clock: systemClock });
  opened.audit.reloaded([]);
  expect(opened.linesLost).toBe(0);
  await opened[Symbol.asyncDispose]();
});
