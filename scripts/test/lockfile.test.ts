import { expect, test } from 'vitest';
import { checkLockfile, checkSettings } from '../lockfile/check-lockfile.ts';

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
  'resolution: {integrity: sha512-abc==, registry: https://mirror.example/}',
  'version: file:/srv/checkout/zod.tgz',
  'version: link:/srv/checkout/packages/core',
  'version: file:C:/checkout/zod.tgz',
  'resolution: {type: git, commit: abc, repo: https://git.example/zod}',
  'resolution: {integrity: sha1-abc=}',
  'resolution:',
])('what holds on one machine only is reported with its line: %s', (line) => {
  expect(checkLockfile(`${clean}\n${line}`)).toEqual([
    expect.stringMatching(/^pnpm-lock\.yaml:7: holds /),
  ]);
});

test('settings by which no install script runs pass', () => {
  const settings = 'strictDepBuilds: true\nignoredBuiltDependencies:\n  - esbuild';
  expect(checkSettings('pnpm-workspace.yaml', settings)).toEqual([]);
});

test.each([
  'onlyBuiltDependencies:',
  'onlyBuiltDependenciesFile: built.json',
  'allowBuilds:',
  'dangerouslyAllowAllBuilds: true',
  '"pnpm": { "onlyBuiltDependencies": ["node"] }',
])('a setting by which install scripts run is reported with its line: %s', (line) => {
  expect(checkSettings('pnpm-workspace.yaml', `nodeVersion: 24.21.0\n${line}`)).toEqual([
    expect.stringMatching(/^pnpm-workspace\.yaml:2: lets install scripts run/),
  ]);
});
