import { readFile } from 'node:fs/promises';

/** What a page tells its reader to do. */
export interface Page {
  /** The text of each block that is a file, by its path. */
  readonly files: ReadonlyMap<string, string>;
  /** The lines of the blocks that are for a shell, without comments. */
  readonly commands: readonly string[];
}

const BLOCK = /^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms;

/**
 * A block that is a file says so behind its language: `ts file=src/door.ts`. A block of `text`
 * is there to be read alone.
 *
 * @throws {Error} when a block is neither a file, nor for a shell, nor text.
 */
export async function readPage(path: string): Promise<Page> {
  const files = new Map<string, string>();
  const commands: string[] = [];
  const text = await readFile(path, 'utf8');
  for (const [, language, file, body = ''] of text.matchAll(BLOCK)) {
    if (file !== undefined) files.set(file, body);
    else if (language === 'sh') commands.push(...body.trimEnd().split('\n'));
    else if (language !== 'text')
      throw new Error(`${path} has a block of ${language} that nothing runs`);
  }
  return { files, commands: commands.filter((command) => !command.startsWith('#')) };
}
