// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file says.
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { ConfigError, type ConfigProblem } from '../../src/config/problems.ts';
import { configJsonSchema } from '../../src/config/schema.ts';
import { tokenAccess } from '../support/access.ts';

const TOKEN = 'f00dfeedf00dfeedf00dfeed';

function problemsOf(text: string, environment = {}): readonly ConfigProblem[] {
  try {
    parseConfig(text, { environment });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const messageOf = (text: string, environment = {}): string =>
  problemsOf(text, environment)
    .map(({ key, message }) => `${key}: ${message}`)
    .join('\n');

describe('a configuration file', () => {
  it('is read with every key of the documentation', () => {
    const config = parseConfig(
      `
listen: 0.0.0.0:4100
sites:
  - id: hq
    name: Headquarters
    timezone: Asia/Shanghai
    boxes:
      - id: hq-lobby
        name: Lobby
        host: 192.168.1.180
        eventPort: 15679
        apiPort: 15555
        dialect: v5
        reconfigure: reconnect
        silentAfter: 5min
        scoreScale: 100
        storageShare: 3
        devices: [entrance, exit]
journal:
  path: ./events.db
  keep: 7d
  maxBytes: 2GiB
  sync: full
  nats:
    servers: [nats://10.0.0.7:4222, tls://nats.example.com]
    credentials: gateway.creds
    tls: { ca: ca.pem, cert: cert.pem, key: key.pem }
    stream: faces
    replicas: 3
cluster: { name: gw-a, sites: [hq] }
images: { capture: always, keep: 36h, maxBytes: 1GiB, urlExpiry: 90s }
privacy: { keys: /mnt/keys/se5.db }
publicUrl: https://faces.example.com/
hosts: [SE5_Gateway, gateway.internal., Türe.example]
origins: [https://desk.example.com]
access: { token: "\${SE5_TOKEN}" }
keepAlive: 90s
wall: false
graphiql: authenticated
introspection: false
limits:
  operationsPerSocket: 8
  connections: 500
  connectionsPerAddress: 50
  wrongTokensPerMinute: 3
  unreadBytes: 128MiB
  unreadBytesPerAddress: 32MiB
  socketsPerAddress: 20
  proxies: [10.1.2.3, "fd00::/8"]
  messageBytes: 64KiB
  documentBytes: 8KB
  depth: 6
  aliases: 1
  cost: 500
  eventCost: 50
  answerTime: 5s
  answerBytes: 4MiB
  listItems: 100
  argumentBytes: 16KiB
  base64Bytes: 8MiB
slowClients: { softBytes: 256KiB, hardBytes: 2MiB, stalledAfter: 1min, answerWithin: 15min }
`,
      { environment: { SE5_TOKEN: TOKEN } },
    );
    expect(config).toEqual({
      listen: { host: '0.0.0.0', port: 4100 },
      sites: [
        {
          id: 'hq',
          name: 'Headquarters',
          timezone: 'Asia/Shanghai',
          boxes: [
            {
              id: 'hq-lobby',
              name: 'Lobby',
              host: '192.168.1.180',
              eventPort: 15_679,
              apiPort: 15_555,
              dialect: 'v5',
              reconfigure: 'reconnect',
              silentAfterMs: 300_000,
              maxMessageBytes: 33_554_432,
              maxMessagesPerSecond: 2_000,
              maxBytesPerSecond: 67_108_864,
              scoreScale: 100,
              storageShare: 3,
              devices: ['entrance', 'exit'],
            },
          ],
        },
      ],
      journal: {
        path: './events.db',
        keepMs: 604_800_000,
        maxBytes: 2 ** 31,
        sync: 'full',
        nats: {
          servers: ['nats://10.0.0.7:4222', 'tls://nats.example.com'],
          login: { kind: 'credentials', path: 'gateway.creds' },
          tls: { ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem' },
          stream: 'faces',
          replicas: 3,
        },
      },
      cluster: { name: 'gw-a', sites: ['hq'] },
      images: {
        capture: 'always',
        path: 'images',
        keepMs: 129_600_000,
        maxBytes: 2 ** 30,
        urlExpiryMs: 90_000,
      },
      privacy: { keys: '/mnt/keys/se5.db' },
      watch: [],
      publicUrl: 'https://faces.example.com',
      hosts: ['se5_gateway', 'gateway.internal', 'xn--tre-hoa.example'],
      origins: ['https://desk.example.com'],
      keepAliveMs: 90_000,
      access: tokenAccess(TOKEN),
      wall: false,
      graphiql: 'authenticated',
      introspection: false,
      limits: {
        operationsPerSocket: 8,
        connections: 500,
        connectionsPerAddress: 50,
        operationsPerMinute: 6_000,
        subscriptionsPerViewer: 1_000,
        picturesPerMinute: 6_000,
        wrongTokensPerMinute: 3,
        unreadBytes: 128 * 2 ** 20,
        unreadBytesPerAddress: 32 * 2 ** 20,
        socketsPerAddress: 20,
        proxies: ['10.1.2.3', 'fd00::/8'],
        messageBytes: 65_536,
        documentBytes: 8_000,
        depth: 6,
        aliases: 1,
        cost: 500,
        eventCost: 50,
        answerTimeMs: 5_000,
        answerBytes: 4_194_304,
        listItems: 100,
        argumentBytes: 16_384,
        base64Bytes: 8_388_608,
      },
      lagWarningMs: 500,
      slowClients: {
        softBytes: 262_144,
        hardBytes: 2_097_152,
        stalledAfterMs: 60_000,
        answerWithinMs: 900_000,
      },
    });
  });

  it('needs no more than the sites, and of a box its id and host', () => {
    const config = parseConfig('sites: [{ id: hq, boxes: [{ id: lobby, host: box.local }] }]');
    expect(config).toEqual({
      listen: { host: '127.0.0.1', port: 4000 },
      sites: [
        {
          id: 'hq',
          name: 'hq',
          timezone: undefined,
          boxes: [
            {
              id: 'lobby',
              name: 'lobby',
              host: 'box.local',
              eventPort: 5679,
              apiPort: 5555,
              dialect: 'v5',
              reconfigure: 'resend',
              silentAfterMs: 600_000,
              maxMessageBytes: 33_554_432,
              maxMessagesPerSecond: 2_000,
              maxBytesPerSecond: 67_108_864,
              scoreScale: 'auto',
              storageShare: 1,
              devices: undefined,
            },
          ],
        },
      ],
      journal: {
        path: './data/journal.db',
        keepMs: 2_592_000_000,
        maxBytes: 10 * 2 ** 30,
        sync: 'normal',
      },
      images: {
        capture: 'on-demand',
        path: 'data/images',
        keepMs: 86_400_000,
        maxBytes: 10 * 2 ** 30,
        urlExpiryMs: 600_000,
      },
      privacy: { keys: 'data/keys.db' },
      cluster: { name: hostname(), sites: undefined },
      watch: [],
      publicUrl: undefined,
      hosts: [],
      origins: [],
      keepAliveMs: 620_000,
      access: { kind: 'open' },
      wall: true,
      graphiql: true,
      introspection: true,
      limits: {
        operationsPerSocket: 64,
        connections: 20_000,
        connectionsPerAddress: 2_000,
        operationsPerMinute: 6_000,
        subscriptionsPerViewer: 1_000,
        picturesPerMinute: 6_000,
        wrongTokensPerMinute: 10,
        unreadBytes: 256 * 2 ** 20,
        unreadBytesPerAddress: 64 * 2 ** 20,
        socketsPerAddress: 1_000,
        proxies: [],
        messageBytes: 1_048_576,
        documentBytes: 16_384,
        depth: 12,
        aliases: 50,
        cost: 500_000,
        eventCost: 10_000,
        answerTimeMs: 30_000,
        answerBytes: 33_554_432,
        listItems: 1_000,
        argumentBytes: 262_144,
        base64Bytes: 33_554_432,
      },
      lagWarningMs: 500,
      slowClients: {
        softBytes: 1_048_576,
        hardBytes: 4_194_304,
        stalledAfterMs: 30_000,
        answerWithinMs: 600_000,
      },
    });
  });

  it('says file, line, column, key, what was found and what is allowed', () => {
    const text = 'sites:\n  - id: hq\n    boxes:\n      - { id: a, host: a, eventPort: 70000 }\n';
    expect(() => parseConfig(text, { file: 'etc/gateway.yaml' })).toThrow(
      'etc/gateway.yaml:4:38: sites[0].boxes[0].eventPort: ' +
        'found 70000; allowed: a whole number from 1 to 65535',
    );
  });

  it('lists all of its problems, in the order of the file', () => {
    const problems = problemsOf(
      `
listen: nowhere
sites:
  - id: hq
    timezone: Asia/Shanghia
    boxes:
      - { id: a, host: "http://a:80/" }
      - { id: a, host: "\${UNSET_HOST}" }
  - { id: hq, boxes: [] }
images: { keep: forever }
origins: ["*"]
`,
    );
    expect(problems.map(({ line, key }) => [line, key])).toEqual([
      [2, 'listen'],
      [5, 'sites[0].timezone'],
      [7, 'sites[0].boxes[0].host'],
      [8, 'sites[0].boxes[1].id'],
      [8, 'sites[0].boxes[1].host'],
      [9, 'sites[1].id'],
      [10, 'images.keep'],
      [11, 'origins[0]'],
    ]);
  });

  it('says that only the port of an origin may be *', () => {
    expect(messageOf('sites: []\norigins: ["http://*.example.com"]')).toContain(
      'only the port may be *, such as http://localhost:*',
    );
    expect(parseConfig('sites: []\norigins: ["http://localhost:*"]').origins).toEqual([
      'http://localhost:*',
    ]);
  });

  it('names the key that an unknown one was probably meant to be, at the place of the key', () => {
    expect(problemsOf('sites:\n  - id: hq\n    boxs: []\n')).toContainEqual({
      line: 3,
      column: 5,
      key: 'sites[0].boxs',
      message: 'unknown key; did you mean boxes? Allowed here: id, name, timezone, boxes',
    });
    expect(messageOf('sites: []\nwhatever: 1')).toBe(
      'whatever: unknown key; Allowed here: listen, sites, journal, images, privacy, cluster, watch, publicUrl, hosts, origins, access, keepAlive, wall, graphiql, introspection, limits, slowClients, lagWarning',
    );
  });

  it('may have no sites, but has to say so', () => {
    expect(parseConfig('sites: []').sites).toEqual([]);
    expect(messageOf('listen: 127.0.0.1:1')).toContain('[] for none');
    expect(messageOf('')).toContain('found nothing; allowed: a map of these keys: listen, sites');
  });

  it.each([
    ['sites: [', 'not valid YAML'],
    ['sites: []\nsites: []', 'Map keys must be unique'],
    ['sites: []\n---\nsites: []', 'found a second document; remove it'],
    ['sites:\n\t- id: hq', 'Tabs are not allowed as indentation'],
    ['sites: *none', 'no anchor &none'],
    ['sites: []\naccess: { token: ${T} }', 'put a value that holds "${" in quotes'],
  ])('that is not YAML says where: %j', (text, expected) => {
    expect(messageOf(text)).toContain(expected);
  });

  it('repeats at most 10,000 values by aliases', () => {
    const text = (aliases: number) => `
sites:
  - { id: a, boxes: &b [&c { id: x, host: x }${', *c'.repeat(aliases)}] }
  - { id: b, boxes: *b }
  - { id: c, boxes: *b }
`;
    expect(messageOf(text(1))).toContain('sites[0].boxes[1].id: found "x"');
    expect(messageOf(text(4_000))).toBe(
      ': found aliases (*name) that repeat more than 10000 values in all; write fewer aliases, or write the values out',
    );
  });

  it('follows aliases to where a value stands', () => {
    expect(
      problemsOf(
        'sites:\n  - { id: a, boxes: &b [{ id: x, host: x, apiPort: 0 }] }\n  - { id: b, boxes: *b }\n',
      ).map(({ line, key }) => [line, key]),
    ).toEqual([
      [2, 'sites[1].boxes[0].eventPort'],
      [2, 'sites[1].boxes[0].id'],
      [2, 'sites[0].boxes[0].apiPort'],
      [2, 'sites[1].boxes[0].apiPort'],
    ]);
  });

  it('has a JSON Schema that asks for what the reader asks for', () => {
    expect(configJsonSchema()).toMatchObject({
      required: ['sites'],
      additionalProperties: false,
      properties: { journal: { properties: { keep: { default: '30d' } } } },
    });
  });
});

describe('access', () => {
  it.each(['0.0.0.0:4000', '192.168.1.5:4000', '"[::]:4000"', 'gateway.example.com:4000'])(
    'listening on %s without a token is refused with what to do',
    (listen) => {
      expect(messageOf(`sites: []\nlisten: ${listen}`)).toMatch(
        /^listen: other machines can reach.*access\.token.*127\.0\.0\.1.*access\.insecure: true/,
      );
    },
  );

  it.each(['127.0.0.1:4000', '127.1.2.3:4000', 'localhost:4000', '"[::1]:4000"'])(
    'listening on %s needs none',
    (listen) => {
      expect(parseConfig(`sites: []\nlisten: ${listen}`).access).toEqual({ kind: 'open' });
    },
  );

  it('can be opened to everybody on purpose only', () => {
    const open = (insecure: string) =>
      messageOf(`sites: []\nlisten: 0.0.0.0:80\naccess: { insecure: ${insecure} }`);
    expect(open('true')).toBe('');
    expect(open('false')).toContain('other machines can reach');
    expect(open('"yes"')).toContain('allowed: true or false');
  });

  it('is either by token or insecure', () => {
    expect(messageOf(`sites: []\naccess: { token: ${TOKEN}, insecure: true }`)).toContain(
      'remove one of them',
    );
  });

  it.each(['short', 'a token with many spaces in it', '12345678901234567', '{ secret: x }'])(
    'a token that is not one (%s) is refused without showing it',
    (token) => {
      const message = messageOf(`sites: []\naccess: { token: ${token} }`);
      expect(message).toContain('allowed: at least 16 visible ASCII characters');
      expect(message).not.toContain(token);
    },
  );
});

describe('what a message shows', () => {
  it.each([
    `sites: []\naccess: ${TOKEN}`,
    `sites: []\naccess: [${TOKEN}]`,
    `sites: []\naccess:\n  token: "${TOKEN}" x`,
    `sites: []\naccess: { insecure: \${T}, token: ${TOKEN} }`,
    `sites: []\naccess: { token: "${TOKEN}\\q" }`,
    `sites: []\naccess: token: ${TOKEN}`,
    `sites: []\n${TOKEN}`,
    `sites: []\naccess: { tokne: ${TOKEN} }`,
    `sites: []\naccess: { token: "${TOKEN}`,
  ])('is never the token: %j', (text) => {
    const message = messageOf(text);
    expect(message).not.toBe('');
    expect(message).not.toContain(TOKEN);
  });

  it('is never what the environment holds', () => {
    const message = messageOf('sites: []\nlisten: "${SECRET}"', { SECRET: TOKEN });
    expect(message).toContain('what the environment gave (not shown)');
    expect(message).not.toContain(TOKEN);
  });

  it('is never the credentials of an address', () => {
    const message = messageOf('sites: []\npublicUrl: https://me:hunter2@example.com');
    expect(message).toContain('https://***@example.com');
    expect(message).not.toContain('hunter2');
  });
});
