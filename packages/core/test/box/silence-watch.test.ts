import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SilenceWatch } from '../../src/box/silence-watch.ts';

describe('SilenceWatch', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells when nothing was heard for so long', () => {
    const silence = vi.fn();
    using watch = new SilenceWatch(1_000, silence);
    watch.heard();
    vi.advanceTimersByTime(999);
    expect(silence).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(silence).toHaveBeenCalledOnce();
  });

  it('counts from what was heard last', () => {
    const silence = vi.fn();
    using watch = new SilenceWatch(1_000, silence);
    for (let ms = 0; ms < 5_000; ms += 600) {
      watch.heard();
      vi.advanceTimersByTime(600);
    }
    expect(silence).not.toHaveBeenCalled();
    vi.advanceTimersByTime(400);
    expect(silence).toHaveBeenCalledOnce();
  });

  it('tells once, and again only after something was heard', () => {
    const silence = vi.fn();
    using watch = new SilenceWatch(1_000, silence);
    watch.heard();
    vi.advanceTimersByTime(10_000);
    expect(silence).toHaveBeenCalledOnce();
    watch.heard();
    vi.advanceTimersByTime(1_000);
    expect(silence).toHaveBeenCalledTimes(2);
  });

  it('arms no timer for what is heard while one is running', () => {
    using watch = new SilenceWatch(1_000, vi.fn());
    for (let sound = 0; sound < 1_000; sound += 1) watch.heard();
    expect(vi.getTimerCount()).toBe(1);
  });

  it('takes a time longer than a timer can be', () => {
    const silence = vi.fn();
    using watch = new SilenceWatch(2 ** 32, silence);
    watch.heard();
    vi.advanceTimersByTime(2 ** 32 - 1);
    expect(silence).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(silence).toHaveBeenCalledOnce();
  });

  it('leaves no timer when disposed', () => {
    const watch = new SilenceWatch(1_000, vi.fn());
    watch.heard();
    watch[Symbol.dispose]();
    expect(vi.getTimerCount()).toBe(0);
  });
});
