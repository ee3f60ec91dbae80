import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SharedTimeout } from '../../src/shared-timeout.ts';
import { UnfinishedMessage } from '../../src/transport/unfinished-message.ts';

const TIMEOUT_MS = 30_000;
/** The clock is looked at every tenth of the time. */
const LOOK_MS = TIMEOUT_MS / 10;

/** Text frames of two bytes, not masked. */
const WHOLE = Buffer.from('\x81\x02hi', 'latin1');
const FRAGMENT = Buffer.from('\x01\x02hi', 'latin1');
const LAST_FRAGMENT = Buffer.from('\x80\x02hi', 'latin1');
const PING = Buffer.from('\x89\x00', 'latin1');

let due: string[];
let timeout: SharedTimeout<string>;
let message: UnfinishedMessage<string>;
beforeEach(() => {
  vi.useFakeTimers();
  due = [];
  timeout = new SharedTimeout(TIMEOUT_MS, (client) => due.push(client));
  message = new UnfinishedMessage('client', timeout);
});
afterEach(() => {
  timeout[Symbol.dispose]();
  vi.useRealTimers();
});

it.each([
  ['half a header', FRAGMENT.subarray(0, 1)],
  ['half a frame', WHOLE.subarray(0, 3)],
  ['half a ping', PING.subarray(0, 1)],
  ['a fragment that is not the last', FRAGMENT],
  ['a message behind a whole one', Buffer.concat([WHOLE, FRAGMENT])],
])('%s is due after the time', (_, bytes) => {
  message.read(bytes);
  vi.advanceTimersByTime(TIMEOUT_MS - 1);
  expect(due).toEqual([]);
  vi.advanceTimersByTime(1 + LOOK_MS);
  expect(due).toEqual(['client']);
});

it('pings and further fragments do not extend the time', () => {
  message.read(FRAGMENT);
  for (let ms = 0; ms < TIMEOUT_MS; ms += LOOK_MS) {
    expect(due).toEqual([]);
    message.read(PING);
    message.read(Buffer.from('\x00\x00', 'latin1'));
    message.read(PING.subarray(0, 1));
    vi.advanceTimersByTime(LOOK_MS);
    message.read(PING.subarray(1));
  }
  expect(due).toEqual(['client']);
});

it('a message that is finished within the time is never due', () => {
  message.read(WHOLE);
  message.read(FRAGMENT);
  vi.advanceTimersByTime(TIMEOUT_MS - 1);
  message.read(LAST_FRAGMENT);
  vi.advanceTimersByTime(10 * TIMEOUT_MS);
  expect(due).toEqual([]);
});

it('each message has the whole time, also one that begins with the end of another', () => {
  for (let count = 0; count < 5; count += 1) {
    message.read(Buffer.concat([count === 0 ? WHOLE : LAST_FRAGMENT, FRAGMENT]));
    vi.advanceTimersByTime(TIMEOUT_MS - 1);
  }
  expect(due).toEqual([]);
  vi.advanceTimersByTime(1 + LOOK_MS);
  expect(due).toEqual(['client']);
});

it('a message that is restarted has the whole time again, and one that is forgotten is not due', () => {
  message.restart();
  message.read(FRAGMENT);
  vi.advanceTimersByTime(TIMEOUT_MS - 1);
  message.restart();
  vi.advanceTimersByTime(TIMEOUT_MS - 1);
  expect(due).toEqual([]);
  message.forget();
  vi.advanceTimersByTime(10 * TIMEOUT_MS);
  expect(due).toEqual([]);
});
