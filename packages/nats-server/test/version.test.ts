import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions, isNewEnough, readVersion } from '../src/version.ts';

test.each([
  ['nats-server: v2.15.1\n', '2.15.1'],
  ['nats-server: v2.12.0-preview.1\n', '2.12.0-preview.1'],
  ['nats-server: version unknown\n', undefined],
  ['', undefined],
])('reads %j as %s', (output, version) => {
  expect(readVersion(output)).toBe(version);
});

test('2.11.0 and newer is new enough', () => {
  expect(['2.11.0', '2.11.12', '2.15.1', '3.0.0'].every(isNewEnough)).toBe(true);
  expect(['2.9.10', '2.10.27', '1.20.0'].some(isNewEnough)).toBe(false);
});

const parts = fc.tuple(fc.nat(30), fc.nat(30), fc.nat(30));

test('versions have the order of their numbers', () => {
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      const different = a.findIndex((part, index) => part !== b[index]);
      const expected = different === -1 ? 0 : (a[different] ?? 0) - (b[different] ?? 0);
      expect(Math.sign(compareVersions(a.join('.'), b.join('.')))).toBe(Math.sign(expected));
    }),
  );
});
