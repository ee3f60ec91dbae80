// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file says.
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
      [key, expect.stringContaining(`but ${other} is the same; each site`)],
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
        expect.stringContaining(`but ${other} is the same; each box`),
      ]),
    );
  });

  it.each([
    ['localhost', 'LOCALHOST'],
    ['localhost', 'localhost.'],
    ['localhost', '127.0.0.1'],
    ['"::1"', 'localhost'],
    ['127.0.0.1', '"::ffff:127.0.0.1"'],
    ['127.0.0.1', '"::ffff:7f00:1"'],
    ['"::1"', '"0:0:0:0:0:0:0:1"'],
    ['"2001:DB8::A"', '"2001:db8:0::000a"'],
    ['box.example', 'Box.Example.'],
  ])('however one host is spelled: %s and %s', (one, other) => {
    expect(problemsIn(two(`host: ${one}`, `host: ${other}`)).map(([key]) => key)).toEqual([
      `${second}.eventPort`,
      `${second}.apiPort`,
    ]);
  });

  it.each(['localhost:5679', 'LOCALHOST.:5679', '"[0:0::1]:5679"', '"[::ffff:127.0.0.1]:5679"'])(
    'of the gateway, which listens on %s without a token because only this machine reaches it',
    (listen) => {
      expect(problemsIn(`listen: ${listen}\n${one('host: localhost')}`)).toEqual([
        [`${first}.eventPort`, expect.stringContaining('but listen is the same')],
      ]);
    },
  );

  it.each(['0.0.0.0:5679', '"[::]:5679"'])(
    'of the gateway, which listens on %s and so on loopback too',
    (listen) => {
      const access = 'access: { insecure: true }';
      const text = `listen: ${listen}\n${access}\n${one('host: 127.0.0.1')}`;
      expect(problemsIn(text).map(([key]) => key)).toEqual([`${first}.eventPort`]);
    },
  );

  it('but loopback has two addresses, which two boxes may have', () => {
    expect(problemsIn(two('host: 127.0.0.1', 'host: "::1"'))).toEqual([]);
    expect(problemsIn(two('host: 127.0.0.1', 'host: 127.0.0.2'))).toEqual([]);
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
    ['the address of every interface', '0.0.0.0'],
    ['the address of every interface, of IPv6', '::'],
    ['the address of every interface, written out', '0:0:0:0:0:0:0:0'],
    ['the address of every interface, mapped to IPv6', '::ffff:0.0.0.0'],
    ['an address with a leading zero', '127.0.0.01'],
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

describe('the journal and the pictures are not in each other’s place', () => {
  it.each([
    ['one place', 'journal: { path: ./data/a }', 'images: { path: data/../data/a }'],
    ['the journal by default', '', 'images: { path: data/journal.db }'],
    ['inside the file', 'journal: { path: a.db }', 'images: { path: ./a.db/images }'],
    ['the journal’s write-ahead log', 'journal: { path: a.db }', 'images: { path: a.db-wal }'],
    ['the journal’s lock', 'journal: { path: a.db }', 'images: { path: a.db.lock }'],
  ])('the folder is refused: %s', (_, journal, images) => {
    expect(problemsIn(`sites: []\n${journal}\n${images}`)).toEqual([
      [
        'images.path',
        expect.stringMatching(/but the journal needs the file \/.*; name another folder$/),
      ],
    ]);
  });

  it.each([
    ['the pictures by default', 'journal: { path: data/images }', ''],
    ['their index', 'journal: { path: faces/index.db }', 'images: { path: faces }'],
    ['their secret', 'journal: { path: faces/secret }', 'images: { path: ./faces/ }'],
    ['their drafts', 'journal: { path: faces/tmp/a.db }', 'images: { path: faces }'],
    ['a folder of theirs', 'journal: { path: faces/0f }', 'images: { path: faces }'],
  ])('the file is refused: %s', (_, journal, images) => {
    expect(problemsIn(`sites: []\n${journal}\n${images}`)).toEqual([
      ['journal.path', expect.stringContaining('images.path')],
    ]);
  });

  it.each([
    ['in memory both', 'journal: { path: memory }', 'images: { path: memory }'],
    ['in one folder', 'journal: { path: data/journal.db }', 'images: { path: data }'],
    ['names that begin alike', 'journal: { path: data/a }', 'images: { path: data/ab }'],
  ])('but may be %s', (_, journal, images) => {
    expect(problemsIn(`sites: []\n${journal}\n${images}`)).toEqual([]);
  });
});

it.each([
  ['the id of a site', (id: string) => `sites: [{ id: ${id}, boxes: [] }]`],
  ['the id of a box', (id: string) => `sites: [{ id: hq, boxes: [{ id: ${id}, host: x }] }]`],
  ['the id of a device', (id: string) => one(`host: x, devices: [${id}]`)],
])('%s has at most 256 characters', (_, text) => {
  expect(problemsIn(text('a'.repeat(256)))).toEqual([]);
  expect(problemsIn(text('a'.repeat(257)))).toEqual([
    [expect.any(String), expect.stringContaining('256 characters')],
  ]);
});

it.each(['"+08:00"', '"-05"', '"+0800"', 'Asia/Shanghia', 'GMT+8', '""'])(
  '%s is no time zone',
  (zone) => {
    expect(problemsIn(`sites: [{ id: hq, timezone: ${zone}, boxes: [] }]`)).toEqual([
      ['sites[0].timezone', expect.stringContaining('allowed: an IANA time zone')],
    ]);
  },
);

it.each([
  'http://0.0.0.0:4000',
  'http://[::]:4000',
  'http://faces:0',
  'http://a/?b',
  'http://a/#b',
])('clients can’t be told the publicUrl %s', (url) => {
  expect(problemsIn(`sites: []\npublicUrl: "${url}"`)).toEqual([
    ['publicUrl', expect.stringContaining('that clients connect to')],
  ]);
});

it('an address may have more sockets than connections: those of proxies are not counted', () => {
  expect(problemsIn('sites: []\nlimits: { socketsPerAddress: 2001 }')).toEqual([]);
});

describe('limits', () => {
  it.each(['documentBytes: 2MiB', 'connectionsPerAddress: 1000000', 'messageBytes: 8KiB'])(
    'may be set so that another one always comes first: %s',
    (limits) => {
      expect(problemsIn(`sites: []\nlimits: { ${limits} }`)).toEqual([]);
    },
  );

  it('of messages are no greater than what a socket takes for a bound', () => {
    expect(problemsIn('sites: []\nlimits: { messageBytes: 4GiB }')).toEqual([
      ['limits.messageBytes', expect.stringContaining('a size up to 256MiB')],
    ]);
    expect(problemsIn(one('host: x, maxMessage: 2GiB'))).toEqual([
      ['sites[0].boxes[0].maxMessage', expect.stringContaining('a size up to 1GiB')],
    ]);
  });
});

describe('a value that is not text is refused, whatever a file escapes', () => {
  it.each([
    ['half of a surrogate pair', '"\\ud83d A"', 'U+D83D'],
    ['a NUL', '"A\\0"', 'U+0000'],
    ['another control', '"\\e[31mA"', 'U+001B'],
    ['what a conversion lost', '"\uFFFD\uFFFDA"', 'U+FFFD'],
    ['what the environment lost', '"${NAME}"', 'U+FFFD'],
  ])('%s', (_, name, found) => {
    const text = `sites: [{ id: hq, name: ${name}, boxes: [] }]`;
    expect(() => parseConfig(text, { environment: { NAME: 'a\uFFFD' } })).toThrow(
      `gateway.yaml:1:25: sites[0].name: found ${found}, which`,
    );
  });

  it('but every character of every language is text', () => {
    const [site] = parseConfig('sites: [{ id: 总部, name: "😀\\tÅ", boxes: [] }]').sites;
    expect(site).toMatchObject({ id: '总部', name: '😀\tÅ' });
  });
});
