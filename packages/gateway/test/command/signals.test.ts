import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stopSignal } from '../../src/command/signals.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it.each(['SIGINT', 'SIGTERM'])('%s is a signal to stop', async (signal) => {
  const source = new EventEmitter();
  const stopped = stopSignal(vi.fn(), source);
  source.emit(signal);
  expect(await stopped).toBe(signal);
});

it('one that comes twice at once, as from a terminal by way of pnpm, is one', () => {
  const source = new EventEmitter();
  const impatient = vi.fn();
  void stopSignal(impatient, source);
  source.emit('SIGINT');
  vi.advanceTimersByTime(500);
  source.emit('SIGINT');
  expect(impatient).not.toHaveBeenCalled();
});

it.each(['SIGINT', 'SIGTERM'])('a second one, %s, is from somebody who will not wait', (signal) => {
  const source = new EventEmitter();
  const impatient = vi.fn();
  void stopSignal(impatient, source);
  source.emit('SIGTERM');
  vi.advanceTimersByTime(501);
  source.emit(signal);
  expect(impatient).toHaveBeenCalledOnce();
});
