import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type AuditOutput, AuditQueue } from '../../src/audit/audit-queue.ts';

/** An output whose writes the test lets succeed or fail, one by one. */
class HeldOutput implements AuditOutput {
  readonly written: string[] = [];
  #attempts: { readonly lines: string; readonly settle: PromiseWithResolvers<void> }[] = [];
  #news = Promise.withResolvers<void>();

  joins(one: number, other: number): boolean {
    return one === other;
  }

  append(lines: string): Promise<void> {
    const settle = Promise.withResolvers<void>();
    this.#attempts.push({ lines, settle });
    this.#news.resolve();
    return settle.promise;
  }

  /** Lets the next attempt end so. */
  async end(outcome: 'written' | 'failed'): Promise<string> {
    while (this.#attempts.length === 0) {
      this.#news = Promise.withResolvers();
      await this.#news.promise;
    }
    const attempt = this.#attempts.shift();
    if (!attempt) throw new Error('there is no attempt');
    if (outcome === 'failed') attempt.settle.reject(new Error('full'));
    else {
      this.written.push(...attempt.lines.split('\n').slice(0, -1));
      attempt.settle.resolve();
    }
    return attempt.lines;
  }

  /** Whether something is being written. */
  get isBusy(): boolean {
    return this.#attempts.length > 0;
  }
}

/** The pause before another attempt is over at once; the patience with a gateway that stops has no end. */
const clock = {
  now: () => 0,
  sleep: (ms: number, signal?: AbortSignal) =>
    ms <= 1_000
      ? Promise.resolve()
      : new Promise<void>((_, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('aborted')));
        }),
};

function queued() {
  const output = new HeldOutput();
  const told: string[] = [];
  const queue = new AuditQueue(
    output,
    {
      unavailable: () => void told.push('unavailable'),
      available: () => void told.push('available'),
      lost: () => void told.push('lost'),
    },
    clock,
  );
  return { output, queue, told };
}

const dropped = (lines: number) =>
  JSON.stringify({ time: '1970-01-01T00:00:00.000Z', kind: 'dropped', lines });

describe('lines of the audit', () => {
  it('are written in their order, those of one turn in one piece', async () => {
    const { output, queue } = queued();
    queue.write('a', 1);
    queue.write('b', 1);
    expect(await output.end('written')).toBe('a\nb\n');
    queue.write('c', 1);
    expect(await output.end('written')).toBe('c\n');
    await queue[Symbol.asyncDispose]();
  });

  it('of two days are written one after the other', async () => {
    const { output, queue } = queued();
    queue.write('a', 1);
    queue.write('b', 2);
    expect([await output.end('written'), await output.end('written')]).toEqual(['a\n', 'b\n']);
  });

  it('wait while nothing can be written, and none is lost', async () => {
    const { output, queue, told } = queued();
    queue.write('a', 1);
    await output.end('failed');
    queue.write('b', 1);
    await output.end('failed');
    await output.end('written');
    await output.end('written');
    expect(output.written).toEqual(['a', 'b']);
    expect([queue.lost, told]).toEqual([0, ['unavailable', 'unavailable', 'available']]);
  });

  it.each([
    ['10,000 lines', 10_000, 'x'],
    ['8 MiB', 8, 'x'.repeat(2 ** 20 - 1)],
  ])('above %s are lost and counted, and the next line says how many', async (_, most, line) => {
    const { output, queue, told } = queued();
    for (let written = 0; written < most + 3; written += 1) queue.write(line, 1);
    expect([queue.lost, told]).toEqual([3, ['lost', 'lost', 'lost']]);
    while (!output.written.includes(dropped(3))) await output.end('written');
    expect(output.written).toHaveLength(most + 1);
    queue.write('after', 1);
    await output.end('written');
    expect(output.written.slice(-2)).toEqual([dropped(3), 'after']);
  });

  it('that wait are written when the gateway stops', async () => {
    const { output, queue } = queued();
    queue.write('a', 1);
    queue.write('b', 2);
    const stopped = queue[Symbol.asyncDispose]();
    await output.end('written');
    await output.end('written');
    await stopped;
    expect([output.written, queue.lost]).toEqual([['a', 'b'], 0]);
  });

  it('are lost when the gateway stops while nothing can be written', async () => {
    const { output, queue } = queued();
    queue.write('a', 1);
    const stopped = queue[Symbol.asyncDispose]();
    await output.end('failed');
    await stopped;
    expect(queue.lost).toBe(1);
  });

  it('are all written or counted, in their order, however writing goes', async () => {
    const step = fc.oneof(
      fc.record({ write: fc.integer({ min: 1, max: 4_000 }) }),
      fc.constantFrom('written' as const, 'failed' as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { output, queue } = queued();
        let count = 0;
        for (const each of steps) {
          if (typeof each === 'object') {
            for (let line = 0; line < each.write; line += 1) {
              count += 1;
              queue.write(String(count), 1);
            }
            await Promise.resolve();
          } else if (output.isBusy) {
            await output.end(each);
            await new Promise((resolve) => setImmediate(resolve));
          }
        }
        while (output.isBusy) {
          await output.end('written');
          await new Promise((resolve) => setImmediate(resolve));
        }
        let next = 1;
        for (const text of output.written) {
          const line = lineSchema.parse(JSON.parse(text));
          if (typeof line === 'number') expect(line).toBe(next);
          next += typeof line === 'number' ? 1 : line.lines;
        }
        expect(next).toBe(count + 1);
      }),
      { numRuns: 20 },
    );
  });
});

const lineSchema = z.union([z.number(), z.object({ lines: z.number() })]);
