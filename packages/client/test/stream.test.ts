import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ClientError } from '../src/errors.ts';
import { createStream, type Sink, type Source } from '../src/stream.ts';

const lost = new ClientError('GRAPHQL', 'no');

function setUp(bufferLimit?: number) {
  const sinks: Sink<number>[] = [];
  const source = {
    pause: vi.fn<Source['pause']>(),
    resume: vi.fn<Source['resume']>(),
    close: vi.fn<Source['close']>(),
  };
  const stream = createStream<number>((sink) => {
    sinks.push(sink);
    return source;
  }, bufferLimit);
  const push = (value: number, size = 1) => {
    for (const sink of sinks) sink.next(value, size);
  };
  return { stream, sinks, source, push };
}

describe('a loop over a stream', () => {
  test('gets what came before it asked and what comes after, in order', async () => {
    const { stream, push } = setUp();
    const loop = stream[Symbol.asyncIterator]();
    const first = loop.next();
    const second = loop.next();
    push(1);
    push(2);
    push(3);
    expect([await first, await second, await loop.next()]).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
      { done: false, value: 3 },
    ]);
  });

  test('begins with its first next, and ends the subscription when it is left', async () => {
    const { stream, sinks, source } = setUp();
    const loop = stream[Symbol.asyncIterator]();
    expect(sinks).toHaveLength(0);
    const pending = loop.next();
    expect(sinks).toHaveLength(1);
    await loop.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await loop.next()).toEqual({ done: true, value: undefined });
    expect(source.close).toHaveBeenCalledOnce();
    expect(sinks).toHaveLength(1);
  });

  test('reads what had come before an error, and then throws it once', async () => {
    const { stream, sinks, push } = setUp();
    const loop = stream[Symbol.asyncIterator]();
    const first = loop.next();
    push(1);
    push(2);
    sinks[0]?.error(lost);
    expect(await first).toMatchObject({ value: 1 });
    expect(await loop.next()).toMatchObject({ value: 2 });
    await expect(loop.next()).rejects.toBe(lost);
    expect(await loop.next()).toEqual({ done: true, value: undefined });
  });

  test('that is slow pauses the subscription at its bound, and resumes it when half is read', async () => {
    const { stream, source, push } = setUp(10);
    const loop = stream[Symbol.asyncIterator]();
    const first = loop.next();
    push(0);
    await first;
    push(1, 4);
    push(2, 4);
    expect(source.pause).not.toHaveBeenCalled();
    push(3, 4);
    expect(source.pause).toHaveBeenCalledOnce();
    await loop.next();
    expect(source.resume).not.toHaveBeenCalled();
    await loop.next();
    expect(source.resume).toHaveBeenCalledOnce();
    expect(await loop.next()).toMatchObject({ value: 3 });
  });

  test('does not begin anew what ended while it was paused', async () => {
    const { stream, sinks, source, push } = setUp(1);
    const loop = stream[Symbol.asyncIterator]();
    const first = loop.next();
    push(1);
    push(2, 9);
    await first;
    expect(source.pause).toHaveBeenCalledOnce();
    sinks[0]?.complete();
    expect(await loop.next()).toMatchObject({ value: 2 });
    expect(await loop.next()).toMatchObject({ done: true });
    expect(source.resume).not.toHaveBeenCalled();
  });
});

describe('an observer', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('is told until it leaves', () => {
    const { stream, source, push } = setUp();
    const next = vi.fn();
    const leave = stream.subscribe({ next });
    push(1);
    leave();
    leave();
    push(2);
    expect(next.mock.calls).toEqual([[1]]);
    expect(source.close).toHaveBeenCalledOnce();
  });

  test('is told the end once', () => {
    const { stream, sinks, push } = setUp();
    const observer = { next: vi.fn(), error: vi.fn(), complete: vi.fn() };
    stream.subscribe(observer);
    sinks[0]?.complete();
    sinks[0]?.error(lost);
    push(1);
    expect(observer.complete).toHaveBeenCalledOnce();
    expect(observer.error).not.toHaveBeenCalled();
    expect(observer.next).not.toHaveBeenCalled();
  });

  test('that throws breaks nothing, and what it throws comes up as uncaught', () => {
    const { stream, push } = setUp();
    const bug = new Error('bug');
    const got: number[] = [];
    stream.subscribe({
      next: (value) => {
        got.push(value);
        throw bug;
      },
    });
    push(1);
    push(2);
    expect(got).toEqual([1, 2]);
    expect(() => vi.runAllTimers()).toThrow(bug);
  });

  test('without an error handler does not swallow the error', () => {
    const { stream, sinks } = setUp();
    stream.subscribe({ next: () => undefined });
    sinks[0]?.error(lost);
    expect(() => vi.runAllTimers()).toThrow(lost);
  });
});
