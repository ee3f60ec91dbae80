import { readFile } from 'node:fs/promises';

export interface Recipe {
  /** The text of each block that is a file, by its path. */
  readonly files: ReadonlyMap<string, string>;
  /** The lines of the blocks that are for a shell. */
  readonly commands: readonly string[];
}

/** A block that is a file says so behind its language: `ts file=src/door.ts`. */
export async function readRecipe(path: string): Promise<Recipe> {
  const files = new Map<string, string>();
  const commands: string[] = [];
  const text = await readFile(path, 'utf8');
  for (const [, language, file, body = ''] of text.matchAll(
    /^```(\w+)(?: file=(\S+))?\n(.*?)^```$/gms,
  )) {
    if (file !== undefined) files.set(file, body);
    else if (language === 'sh') commands.push(...body.trimEnd().split('\n'));
    else throw new Error(`${path} has a block of ${language} that nothing runs`);
  }
  return { files, commands };
}
