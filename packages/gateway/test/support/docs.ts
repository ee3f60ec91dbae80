import { readFile } from 'node:fs/promises';

const pathOf = (page: string): URL => new URL(`../../../../docs/${page}.md`, import.meta.url);

/** The text of these pages of the documentation. */
export const pages = async (...names: readonly string[]): Promise<string> =>
  (await Promise.all(names.map((name) => readFile(pathOf(name), 'utf8')))).join('\n');
