import { chmod, link, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSqliteJournal } from '../../../src/journal/sqlite/sqlite-journal.ts';
import { entry, journalFile, keysOf, openAt, UNOBSERVED } from '../../support/journals.ts';

const bitsOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('the files of a journal', () => {
  it('are taken away from other users when they come with wider rights, and that is told', async () => {
    await using file = await journalFile();
    await (await openAt(file.path))[Symbol.asyncDispose]();
    await chmod(file.path, 0o644);
    const exposed: string[] = [];
    const limits = { keepMs: 1e12, maxBytes: 1e12 };
    await using _journal = await openSqliteJournal(
      { path: file.path, keys: keysOf(file.path), sync: 'normal', limits },
      { observer: { ...UNOBSERVED, exposed: (paths) => exposed.push(...paths) } },
    );
    expect(exposed).toContain(file.path);
    for (const part of ['', '-wal', '-shm']) expect(await bitsOf(file.path + part)).toBe(0o600);
  });

  it('are refused while they have a second name, whichever is opened', async () => {
    await using file = await journalFile();
    const other = join(dirname(file.path), 'other.db');
    {
      await using journal = await openAt(file.path);
      await journal.append(entry());
      await link(file.path, other);
      await expect(openAt(other)).rejects.toMatchObject({ name: 'JournalError', code: 'LINKED' });
    }
    await expect(openAt(file.path)).rejects.toMatchObject({ code: 'LINKED' });
    await rm(other);
    await using journal = await openAt(file.path);
    expect(await journal.count({})).toBe(1);
  });

  it('belong to one gateway, also by a symbolic link', async () => {
    await using file = await journalFile();
    await using _journal = await openAt(file.path);
    const other = join(dirname(file.path), 'other.db');
    await symlink(file.path, other);
    await expect(openAt(other)).rejects.toMatchObject({ code: 'IN_USE' });
  });
});
