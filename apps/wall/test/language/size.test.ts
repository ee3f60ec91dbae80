import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { languages } from '../../src/language/languages.ts';

const assets = fileURLToPath(new URL('../../dist/assets', import.meta.url));

/** Of all that a reader loads, compressed, in bytes. */
const maxPageBytes = 165 * 1024;
const maxMessagesBytes = 5 * 1024;

test('a page is small, and the messages of a language are a file of their own', () => {
  const files = readdirSync(assets);
  const compressed = (file: string) => gzipSync(readFileSync(`${assets}/${file}`)).byteLength;
  const sizes = languages.map(({ tag }) => {
    const own = files.filter((file) => file.startsWith(`${tag}-`));
    expect(own).toHaveLength(1);
    return own.map(compressed)[0] ?? 0;
  });
  const shell = files.filter((file) => file.startsWith('index-')).map(compressed);
  expect(Math.max(...sizes)).toBeLessThan(maxMessagesBytes);
  expect(Math.max(...sizes) + shell.reduce((sum, size) => sum + size)).toBeLessThan(maxPageBytes);
});
