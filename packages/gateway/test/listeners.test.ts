import { describe, expect, it } from 'vitest';
import { createMemoryJournal } from '../src/journal/memory-journal.ts';
import { Listeners } from '../src/listeners.ts';
import { entry } from './support/journals.ts';

describe('listeners', () => {
  it('are all told when one of them throws, and so is the one who is told of failures', () => {
    const failures: unknown[] = [];
    const listeners = new Listeners<string>((error, value) => failures.push([error, value]));
    const told: string[] = [];
    const fault = new Error('a listener');
    listeners.add((value) => told.push(`first ${value}`));
    listeners.add(() => {
      throw fault;
    });
    listeners.add((value) => told.push(`last ${value}`));
    listeners.tell('news');
    expect(told).toEqual(['first news', 'last news']);
    expect(failures).toEqual([[fault, 'news']]);
  });

  it('of a journal that throw make no append fail, and hide no record from the others', async () => {
    const failures: unknown[] = [];
    await using journal = createMemoryJournal({ listenerFailed: (error) => failures.push(error) });
    const fault = new Error('a listener');
    const told: unknown[] = [];
    using _throwing = journal.onAppend(() => {
      throw fault;
    });
    using _other = journal.onAppend(({ position }) => told.push(position));
    const { position } = await journal.append(entry());
    expect(told).toEqual([position]);
    expect(failures).toEqual([fault]);
  });
});
