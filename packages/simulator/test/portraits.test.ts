import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { CAST, portraitFile } from '../src/cast.ts';

const FOLDER = new URL('../assets/portraits/', import.meta.url);
const KIB = 1024;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n + 1);

test('there is a picture of everybody, and no other file', async () => {
  const expected = [
    ...numbers(CAST.people).flatMap((number) =>
      (['registered', 'face', 'scene'] as const).map((one) => portraitFile('person', number, one)),
    ),
    ...numbers(CAST.strangers).flatMap((number) =>
      (['face', 'scene'] as const).map((one) => portraitFile('stranger', number, one)),
    ),
  ];

  expect((await readdir(FOLDER)).toSorted()).toEqual(
    expected.map((name) => `${name}.jpg`).toSorted(),
  );
});

test('each is a whole JPEG file of 10 to 60 KB, different from all others, and all are below 4 MB', async () => {
  const files = await Promise.all(
    (await readdir(FOLDER)).map((name) => readFile(new URL(name, FOLDER))),
  );

  for (const file of files) {
    expect(file.subarray(0, 3).toString('hex')).toBe('ffd8ff');
    expect(file.subarray(-2).toString('hex')).toBe('ffd9');
    expect(file.length).toBeGreaterThan(10 * KIB);
    expect(file.length).toBeLessThan(60 * KIB);
  }
  expect(new Set(files.map((file) => file.toString('base64'))).size).toBe(files.length);
  const total = files.reduce((sum, file) => sum + file.length, 0);
  expect(total).toBeLessThan(4 * KIB * KIB);
});
