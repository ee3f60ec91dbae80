import { expect, test } from 'vitest';
import { checkLockfile } from '../lockfile/check-lockfile.ts';

const clean = `packages:
  zod@4.0.0:
    resolution: {integrity: sha512-abc==}
    deprecated: see https://example.com/registry
importers:
  core: link:../packages/core`;

test('a lock file of names and checksums passes', () => {
  expect(checkLockfile(clean)).toEqual([]);
});

test.each([
  'resolution: {integrity: sha512-abc==, tarball: https://mirror.example/zod.tgz}',
  'resolution: {registry: https://mirror.example/}',
  'version: file:/srv/checkout/zod.tgz',
  'version: link:/srv/checkout/packages/core',
  'version: file:C:/checkout/zod.tgz',
])('what holds on one machine only is reported with its line: %s', (line) => {
  expect(checkLockfile(`${clean}\n${line}`)).toEqual([
    expect.stringMatching(/^pnpm-lock\.yaml:7: holds /),
  ]);
});
