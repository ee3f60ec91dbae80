import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toJournalError } from '../../../src/journal/sqlite/to-journal-error.ts';
import { appendAll, entries, journalFile, openAt } from '../../support/journals.ts';

const sqlite = (errcode: number) => Object.assign(new Error('near "secret"'), { errcode });
const system = (code: string) => Object.assign(new Error('secret'), { code });

describe('why a journal’s file can’t be used', () => {
  it.each([
    ['READ_ONLY', [8, 264, 520, 776, 1032, 1288, 1544].map(sqlite)],
    ['READ_ONLY', ['EACCES', 'EPERM', 'EROFS'].map(system)],
    ['FULL', [sqlite(13), system('ENOSPC'), system('EDQUOT')]],
    ['DAMAGED', [sqlite(11), sqlite(267), sqlite(26)]],
    ['IN_USE', [sqlite(5), sqlite(261)]],
    ['UNAVAILABLE', [sqlite(10), sqlite(14), sqlite(1038), system('ENOENT'), new Error('secret')]],
  ])('is %s, and nothing of what SQLite says', (code, errors) => {
    for (const error of errors) {
      const failure = toJournalError(error, '/data/journal.db');
      expect(failure).toMatchObject({ name: 'JournalError', code });
      expect(failure.message).toContain('/data/journal.db');
      expect(failure.message).not.toContain('secret');
    }
  });

  it('is READ_ONLY when SQLite says so of a real file', async () => {
    await using file = await journalFile();
    await using _journal = await openAt(file.path);
    using database = new DatabaseSync(file.path);
    database.exec('PRAGMA query_only = ON');
    let failure: unknown;
    try {
      database.exec('DELETE FROM event');
    } catch (error) {
      failure = toJournalError(error, file.path);
    }
    expect(failure).toMatchObject({ code: 'READ_ONLY' });
  });
});

describe('a gateway whose user may only read', () => {
  it.each([
    ['the file', 0o444, 0o755],
    ['the directory', 0o666, 0o555],
  ])(
    '%s lives in memory, says READ_ONLY, and leaves the file as it is',
    async (_, mode, folder) => {
      await using file = await journalFile();
      const directory = dirname(file.path);
      await mkdir(directory, { recursive: true });
      {
        await using journal = await openAt(file.path);
        await appendAll(journal, entries(3));
      }
      const before = await readFile(file.path);
      await chmod(dirname(directory), 0o755);
      await chmod(file.path, mode);
      await chmod(`${file.path}.lock`, mode);
      await chmod(directory, folder);
      const script = fileURLToPath(new URL('../fixtures/open-as-nobody.ts', import.meta.url));
      const child = spawn(process.execPath, ['--conditions=@se5/source', script, file.path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
      await chmod(directory, 0o755);
      expect(JSON.parse(said)).toEqual({ codes: ['READ_ONLY'], appended: 1 });
      expect((await readFile(file.path)).equals(before)).toBe(true);
    },
  );
});
