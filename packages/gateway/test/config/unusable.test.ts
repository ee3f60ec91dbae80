import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problems.ts';

function problemsIn(text: string): readonly (readonly [string, string])[] {
  try {
    parseConfig(text);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key, message }) => [key, message] as const);
  }
  return [];
}

const one = (box: string) => `sites: [{ id: hq, boxes: [{ id: lobby, ${box} }] }]`;
const two = (first: string, second: string) =>
  `sites: [{ id: hq, boxes: [{ id: lobby, ${first} }, { id: yard, ${second} }] }]`;

describe('ids that two have are refused, naming both places', () => {
  const box = 'sites[0].boxes[0]';

  it.each([
    ['sites', 'sites: [{ id: a, boxes: [] }, { id: a, boxes: [] }]', 'sites[1].id', 'sites[0].id'],
    [
      'boxes',
      'sites: [{ id: a, boxes: [{ id: b, host: x }, { id: b, host: y }] }]',
      'sites[0].boxes[1].id',
      `${box}.id`,
    ],
    [
      'a site and its box',
      'sites: [{ id: a, boxes: [{ id: a, host: x }] }]',
      `${box}.id`,
      'sites[0].id',
    ],
    [
      'a site and another’s box',
      'sites: [{ id: a, boxes: [{ id: b, host: x }] }, { id: b, boxes: [] }]',
      `${box}.id`,
      'sites[1].id',
    ],
    [
      'two devices of a box',
      one('host: x, devices: [gate, yard, gate]'),
      `${box}.devices[2]`,
      `${box}.devices[0]`,
    ],
  ])('%s', (_, text, key, other) => {
    expect(problemsIn(text)).toEqual([
      [key, expect.stringContaining(`which ${other} is too; ids`)],
    ]);
  });

  it('but a device may be called as its box is, or its site: it has the box in its id', () => {
    expect(problemsIn(one('host: x, devices: [gate, hq]'))).toEqual([]);
  });

  it('but two boxes may have devices of one id', () => {
    const text = two('host: x, devices: [gate]', 'host: y, devices: [gate]');
    expect(problemsIn(text)).toEqual([]);
  });
});

describe('ports that are another’s are refused, naming both places', () => {
  const first = 'sites[0].boxes[0]';
  const second = 'sites[0].boxes[1]';

  it.each([
    [
      'of one host by default',
      two('host: x', 'host: X'),
      [
        [`${second}.eventPort`, `${first}.eventPort`],
        [`${second}.apiPort`, `${first}.apiPort`],
      ],
    ],
    ['of one box', one('host: x, eventPort: 5555'), [[`${first}.apiPort`, `${first}.eventPort`]]],
    [
      'of one kind only',
      two('host: x', 'host: x, eventPort: 1'),
      [[`${second}.apiPort`, `${first}.apiPort`]],
    ],
    [
      'the gateway’s own',
      `listen: 127.0.0.1:5679\n${one('host: localhost')}`,
      [[`${first}.eventPort`, 'listen']],
    ],
    [
      'written as text',
      two('host: x', 'host: x, eventPort: "5679", apiPort: 1'),
      [[`${second}.eventPort`, `${first}.eventPort`]],
    ],
  ])('%s', (_, text, found) => {
    expect(problemsIn(text)).toEqual(
      found.map(([key, other]) => [
        key,
        expect.stringContaining(`which ${other} is too; each box`),
      ]),
    );
  });

  it('but boxes behind one address may differ by their ports', () => {
    expect(problemsIn(two('host: x', 'host: x, eventPort: 1, apiPort: 2'))).toEqual([]);
  });
});

describe('the host of a box', () => {
  it.each([
    'se5_box',
    '_box.my_net',
    'box-1.local.',
    'BOX',
    '10.0.0.7',
    'fe80::1',
    '::ffff:10.0.0.7',
    '1box',
    'xn--fiqs8s.example',
  ])('may be %s', (host) => {
    expect(problemsIn(one(`host: "${host}"`))).toEqual([]);
  });

  it.each([
    ['a zone', 'fe80::1%eth0'],
    ['brackets', '[fe80::1]'],
    ['a port', 'box:5679'],
    ['a scheme', 'ws://box'],
    ['too few parts', '10.0.7'],
    ['too many parts', '1.2.3.4.5'],
    ['a part beyond 255', '10.0.0.256'],
    ['a number at its end', 'box.1'],
    ['an address in hexadecimal', '0x7f.1'],
    ['an address in octal', '0177.0.0.1'],
    ['a multicast address', '224.0.0.1'],
    ['the broadcast address', '255.255.255.255'],
    ['a multicast address of IPv6', 'ff02::1'],
    ['a path', 'box/1'],
    ['white space', 'my box'],
    ['a label that is too long', `${'a'.repeat(64)}.local`],
    ['too many characters', `${'a.'.repeat(127)}local`],
    ['a hyphen in front', '-box'],
  ])('has no %s', (_, host) => {
    expect(problemsIn(one(`host: "${host}"`))).toEqual([
      ['sites[0].boxes[0].host', expect.stringContaining('allowed: a host name, or an address')],
    ]);
  });
});

it.each(['"[fe80::1%eth0]:4000"', '"[::%1]:4000"', '224.0.0.1:4000', 'host.1:4000'])(
  'listening on %s is refused',
  (listen) => {
    expect(problemsIn(`sites: []\nlisten: ${listen}`)).toEqual([
      ['listen', expect.stringContaining('allowed: host:port')],
    ]);
  },
);

it('the folder of the pictures is not the file of the journal', () => {
  const text = 'sites: []\njournal: { path: ./data/a }\nimages: { path: data/../data/a }';
  expect(problemsIn(text)).toEqual([
    ['images.path', expect.stringContaining('which journal.path is too')],
  ]);
  expect(problemsIn('sites: []\njournal: { path: memory }\nimages: { path: memory }')).toEqual([]);
});

it('names are well-formed UTF-16, whatever a file escapes', () => {
  const [site] = parseConfig('sites: [{ id: hq, name: "\\ud83d A", boxes: [] }]').sites;
  expect(site?.name).toBe('\uFFFD A');
});
