import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { shutDown } from '../../src/command/shut-down.ts';
import { recordedLog } from '../support/recorded-log.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('a gateway that stops is said to have stopped', async () => {
  const { logger, lines } = recordedLog();
  const exit = vi.fn<() => void>();
  await shutDown({ [Symbol.asyncDispose]: () => Promise.resolve() }, logger, exit);
  expect(lines.map(({ message }) => message)).toEqual(['stopped']);
  expect(exit).not.toHaveBeenCalled();
});

it('one that does not is cut short within 5 s', () => {
  const { logger, lines } = recordedLog();
  const exit = vi.fn<() => void>();
  const never = Promise.withResolvers<void>().promise;
  void shutDown({ [Symbol.asyncDispose]: () => never }, logger, exit);
  vi.advanceTimersByTime(4_999);
  expect(exit).toHaveBeenCalledOnce();
  expect(lines).toMatchObject([{ level: 'warn' }]);
});
