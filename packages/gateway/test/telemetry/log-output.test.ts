import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LogOutput } from '../../src/telemetry/log-output.ts';

const { O_RDONLY, O_NONBLOCK } = constants;

/** More than any pipe holds by default, in bytes. */
const LONG = 'x'.repeat(200_000);

let parts: AsyncDisposableStack;
let path: string;

beforeEach(async () => {
  parts = new AsyncDisposableStack();
  const directory = parts.adopt(await mkdtempDisposable(join(tmpdir(), 'se5-log-')), (each) =>
    each.remove(),
  );
  path = join(directory.path, 'pipe');
  execFileSync('mkfifo', [path]);
});
afterEach(() => parts.disposeAsync());

/** A reader of the pipe, who has read nothing yet. */
function reader() {
  const fd = openSync(path, O_RDONLY | O_NONBLOCK);
  const close = () => closeSync(fd);
  return {
    close,
    /** All that is there now. */
    read(): string {
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
    },
  };
}

function output(fd: number) {
  parts.defer(() => closeSync(fd));
  return new LogOutput(fd, (lost) => `${lost} lost\n`);
}

it('loses and counts lines on a full disk', () => {
  const log = output(openSync('/dev/full', 'w'));
  log.write('one\n');
  log.write('two\n');
  expect(log.lost).toBe(2);
});

it('says once how many lines were lost when writing works again', () => {
  const first = reader();
  const log = output(openSync(path, 'w'));
  log.write('before\n');
  expect(first.read()).toBe('before\n');
  first.close();
  log.write('nobody reads this\n');
  log.write('nor this\n');
  const second = reader();
  parts.defer(second.close);
  log.write('after\n');
  log.write('later\n');
  expect(second.read()).toBe('2 lost\nafter\nlater\n');
  expect(log.lost).toBe(2);
});

it('does not wait for a reader that stands still, and holds no more than 1 MiB for it', () => {
  const slow = reader();
  parts.defer(slow.close);
  const log = output(openSync(path, 'w'));
  const lines = Array.from({ length: 20 }, (_, index) => `${index} ${LONG}\n`);
  for (const line of lines) log.write(line);
  const kept = lines.length - log.lost;
  expect(kept * LONG.length).toBeLessThan(1_048_576 + LONG.length);
  expect(kept).toBeGreaterThan(3);

  let text = '';
  while (text.length < lines.slice(0, kept).join('').length) {
    text += slow.read();
    log.flush();
  }
  log.write('again\n');
  expect(text + slow.read()).toBe(`${lines.slice(0, kept).join('')}${20 - kept} lost\nagain\n`);
});

it('begins a new line after one that was cut off', () => {
  const first = reader();
  const log = output(openSync(path, 'w'));
  log.write(`${LONG}\n`);
  expect(first.read()).toMatch(/^x+$/);
  first.close();
  log.flush();
  const second = reader();
  parts.defer(second.close);
  log.write('whole\n');
  expect(second.read()).toBe('\n1 lost\nwhole\n');
});
