import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/** Attributes that are read by people, of elements and of our components. */
const said =
  /\b(?:aria-label|title|alt|placeholder|label|caption|missing|name)="(?=[^"]*[a-z])[^"]+"/gi;

test('no component says anything that is in no language’s messages', () => {
  const found = globSync('**/*.tsx', { cwd: src }).flatMap((file) =>
    [...readFileSync(`${src}/${file}`, 'utf8').matchAll(said)].map(([text]) => `${file}: ${text}`),
  );
  // Names of fields and icons, which nobody reads.
  expect(found.filter((each) => !/ name="[a-z]+"$/.test(each))).toEqual([]);
});
