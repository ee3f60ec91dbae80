import { expect, test } from 'vitest';
import { debianMirror } from '../src/debian/mirror.ts';

const lines = (text: string) => [{ name: '/etc/apt/sources.list', text }];
const stanzas = (text: string) => [{ name: '/etc/apt/sources.list.d/debian.sources', text }];

test('reads the mirror of a list with one source a line', () => {
  const text = `
# deb http://commented.example/debian bookworm main
deb-src http://source.example/debian bookworm main
deb http://security.example/debian-security bookworm-security main
deb [ arch=amd64 signed-by=/etc/key.gpg ] http://mirror.example/debian bookworm main contrib # ours
deb http://second.example/debian bookworm main
`;
  expect(debianMirror(lines(text), 'bookworm')).toBe('http://mirror.example/debian');
});

test('reads the mirror of a list in the deb822 format', () => {
  const text = `Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
Enabled: no

Types: deb-src
URIs: http://source.example/debian
Suites: bookworm
Components: main

types: deb deb-src
# http://snapshot.example/archive
URIs: mirror+file:///etc/apt/mirrors/debian.list
 http://second.example/debian
Suites: bookworm-updates
# a comment between the lines of a field
 bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
`;
  expect(debianMirror(stanzas(text), 'bookworm')).toBe(
    'mirror+file:///etc/apt/mirrors/debian.list',
  );
});

test('passes over sources of other projects', () => {
  const text = 'deb https://packages.example/node_20.x nodistro main\n';
  expect(debianMirror([...lines(text), ...stanzas('')], 'bookworm')).toBeUndefined();
  expect(
    debianMirror(
      [...lines(text), ...stanzas('Types: deb\nURIs: u\nSuites: bookworm\nComponents: main')],
      'bookworm',
    ),
  ).toBe('u');
});
