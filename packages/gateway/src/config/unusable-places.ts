import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { DEFAULT_JOURNAL_PATH, MEMORY_ONLY } from './config.ts';
import { besideJournal, defaultKeys } from './places.ts';
import type { Violation } from './problems.ts';

/** Paths as the file writes them; undefined for those that it leaves out. */
export interface WrittenPlaces {
  readonly journal: string | undefined;
  readonly images: string | undefined;
  readonly keys: string | undefined;
}

/** What SQLite and the gateway put beside a database, by the ends of the names. */
const BESIDE_DATABASE = ['', '-wal', '-shm', '-journal', '.lock', '.lock-journal', '.sock'];

/** What the pictures' folder itself holds: its index, its files, and the folders of pictures. */
const IN_PICTURES = /^(?:index\.db.*|secret|tmp|lock.*|[0-9a-f]{2})$/;

/**
 * Finds a journal and a pictures' folder that need the same path, however the paths are written.
 *
 * @param folder from which relative paths count.
 */
export function collidingPlaces(
  { journal = DEFAULT_JOURNAL_PATH, images }: WrittenPlaces,
  folder: string,
): Violation[] {
  const pictures = images ?? besideJournal(journal);
  if (journal === MEMORY_ONLY || pictures === MEMORY_ONLY) return [];
  const file = realPathOf(resolve(folder, journal));
  const home = realPathOf(resolve(folder, pictures));
  if (images === undefined) {
    if (file !== home) return [];
    const found = `found ${JSON.stringify(journal)}, but this is the default folder of the pictures`;
    const advice = 'give the file another name, or set images.path';
    return [{ path: ['journal', 'path'], message: `${found}; ${advice}` }];
  }
  const end = BESIDE_DATABASE.find((end) => isWithin(file + end, home));
  if (end !== undefined) {
    const found = `found ${JSON.stringify(images)}, but the journal needs the file ${file + end}`;
    return [{ path: ['images', 'path'], message: `${found}; name another folder` }];
  }
  const [first = ''] = relative(home, file).split(sep);
  if (!IN_PICTURES.test(first)) return [];
  const found = `found ${JSON.stringify(journal)}, but the gateway keeps pictures at ${join(home, first)}`;
  const advice = 'name another file, or set images.path to another folder';
  return [{ path: ['journal', 'path'], message: `${found}; ${advice}` }];
}

/** A key file where the journal or the pictures need something of their own. */
export function collidingKeys(
  { journal = DEFAULT_JOURNAL_PATH, images, keys }: WrittenPlaces,
  folder: string,
): Violation[] {
  const pictures = images ?? besideJournal(journal);
  const path = keys ?? defaultKeys(journal, pictures);
  if (path === MEMORY_ONLY && keys === undefined) return [];
  const file = realPathOf(resolve(folder, path));
  const found = `found ${JSON.stringify(path)}`;
  const note = (message: string) => [
    keys === undefined
      ? {
          path: ['journal', 'path'],
          message: `found ${JSON.stringify(journal)}, but this is the default of privacy.keys; give the file another name`,
        }
      : { path: ['privacy', 'keys'], message },
  ];
  if (journal !== MEMORY_ONLY) {
    const events = realPathOf(resolve(folder, journal));
    if (BESIDE_DATABASE.some((end) => file === events + end)) {
      return note(`${found}, but the journal needs this file; name another`);
    }
  }
  if (keys === MEMORY_ONLY) return note(`${found}, but keys must be in a file; name one`);
  const [first = ''] = relative(realPathOf(resolve(folder, pictures)), file).split(sep);
  if (keys !== undefined && pictures !== MEMORY_ONLY && IN_PICTURES.test(first)) {
    return note(`${found}, but the gateway keeps pictures there; name another file`);
  }
  if (keys !== undefined && kindOf(file) === 'folder') {
    return note(`${found}, which is a folder; name a file in it, such as ${join(path, 'keys.db')}`);
  }
  return [];
}

/** Paths at which there is something now that can't be used: a folder for a file, or a file for a folder. */
export function unusablePlaces(
  { journal = DEFAULT_JOURNAL_PATH, images }: WrittenPlaces,
  folder: string,
): Violation[] {
  const unusable: Violation[] = [];
  const note = (key: string, written: string, what: string) =>
    unusable.push({ path: [key, 'path'], message: `found ${JSON.stringify(written)}, ${what}` });

  if (journal !== MEMORY_ONLY) {
    const path = resolve(folder, journal);
    const blocked = fileAbove(path);
    const kind = kindOf(path);
    if (blocked !== undefined) note('journal', journal, inFile(blocked));
    else if (kind === 'folder' || journal.endsWith('/')) {
      note(
        'journal',
        journal,
        `which is a folder; name a file in it, such as ${join(journal, 'journal.db')}`,
      );
    } else if (kind === 'other') note('journal', journal, 'which is not a file; name a file');
  }
  if (images !== undefined && images !== MEMORY_ONLY) {
    const path = resolve(folder, images);
    const blocked = fileAbove(path);
    const kind = kindOf(path);
    if (blocked !== undefined) note('images', images, inFile(blocked));
    else if (kind !== 'folder' && kind !== 'nothing') {
      note('images', images, 'which is not a folder; name a folder, existing or new');
    }
  }
  return unusable;
}

const inFile = (file: string): string =>
  `but ${file} in this path is not a folder; name another path`;

type Kind = 'nothing' | 'file' | 'folder' | 'other';

/** Behind symbolic links. `nothing` also for what this user may not look at. */
function kindOf(path: string): Kind {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return 'nothing';
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : 'other';
  } catch {
    return 'nothing';
  }
}

/** What of the path above it is there, and not a folder. */
function fileAbove(path: string): string | undefined {
  const above = dirname(path);
  if (above === path) return undefined;
  const kind = kindOf(above);
  if (kind === 'nothing') return fileAbove(above);
  return kind === 'folder' ? undefined : above;
}

/** Without the symbolic links on the way, as far as the path is there. */
function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPathOf(above), basename(path));
  }
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}
