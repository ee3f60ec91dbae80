import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { stopCause } from '../src/stop-cause.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function listen({ isInteractive = false, wrappers = (): readonly number[] => [] } = {}) {
  const signals = new EventEmitter();
  const told = { impatient: vi.fn<() => void>(), other: vi.fn<(signal: string) => void>() };
  return { signals, ...told, stopped: stopCause(told, { signals, isInteractive, wrappers }) };
}

it.each(['SIGINT', 'SIGTERM'])('%s stops', async (signal) => {
  const { signals, stopped } = listen();
  signals.emit(signal);
  expect(await stopped).toBe(signal);
});

it('signals within 2 s of the first are the same request', () => {
  const { signals, impatient } = listen();
  signals.emit('SIGINT');
  vi.advanceTimersByTime(2_000);
  signals.emit('SIGINT');
  expect(impatient).not.toHaveBeenCalled();
});

it.each(['SIGINT', 'SIGTERM'])('a later %s is impatient', (signal) => {
  const { signals, impatient } = listen();
  signals.emit('SIGTERM');
  vi.advanceTimersByTime(2_001);
  signals.emit(signal);
  expect(impatient).toHaveBeenCalledOnce();
});

it.each(['SIGHUP', 'SIGUSR1', 'SIGUSR2'])('a service is told of %s and goes on', async (signal) => {
  const { signals, stopped, other } = listen();
  signals.emit(signal);
  expect(other.mock.calls).toEqual([[signal]]);
  signals.emit('SIGTERM');
  expect(await stopped).toBe('SIGTERM');
});

it('the end of its terminal stops it', async () => {
  const { signals, stopped } = listen({ isInteractive: true });
  signals.emit('SIGHUP');
  expect(await stopped).toBe('SIGHUP');
});

it('the end of a package manager that started it stops it', async () => {
  let pids = [12, 11, 10];
  const { stopped } = listen({ wrappers: () => pids });
  vi.advanceTimersByTime(1_000);
  pids = [12];
  vi.advanceTimersByTime(1_000);
  expect(await stopped).toBe('PARENT_GONE');
});

it('a process without package managers above it watches nothing', () => {
  listen();
  expect(vi.getTimerCount()).toBe(0);
});

it('a look that fails, for want of file descriptors say, does not stop it', async () => {
  let look = (): readonly number[] => [12, 11];
  const { signals, stopped } = listen({ wrappers: () => look() });
  look = () => {
    throw new Error('EMFILE');
  };
  vi.advanceTimersByTime(5_000);
  signals.emit('SIGTERM');
  expect(await stopped).toBe('SIGTERM');
});
