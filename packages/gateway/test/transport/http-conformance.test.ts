import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { startGateway } from '../support/gateways.ts';
import { codeIn, onTheWire, type WireAnswer } from '../support/wire.ts';

const QUERY = '{ sites { id } }';
const DATA = '{"data":{"sites":[{"id":"site"}]}}';
const JSON_BODY = JSON.stringify({ query: QUERY });
const GET_QUERY = `/graphql?query=${encodeURIComponent(QUERY)}`;

const HOST = 'Host: 127.0.0.1';
const CLOSE = 'Connection: close';

/** A request without a body. */
const request = (line: string, ...headers: string[]): string =>
  `${[line, ...headers].join('\r\n')}\r\n\r\n`;

/** One to /graphql in JSON, if the headers do not say otherwise. */
const post = (body: string | Buffer, ...headers: string[]): Buffer => {
  const bytes = Buffer.from(body);
  const isTyped = headers.some((header) => /^content-type:/i.test(header));
  const length = headers.some((header) => /^transfer-encoding:/i.test(header))
    ? []
    : [`Content-Length: ${bytes.length}`];
  const head = request(
    'POST /graphql HTTP/1.1',
    HOST,
    CLOSE,
    ...(isTyped ? [] : ['Content-Type: application/json']),
    ...length,
    ...headers,
  );
  return Buffer.concat([Buffer.from(head), bytes]);
};

const get = (target: string, ...headers: string[]): string =>
  request(`GET ${target} HTTP/1.1`, HOST, CLOSE, ...headers);

const UPGRADE = [
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
];

/*
 * One row for each requirement, and all rows in one file: what is missing shows.
 */

interface Requirement {
  /** Of RFC 9110 or RFC 9112. */
  readonly section: string;
  readonly fact: string;
  readonly sends: string | Buffer;
  readonly status: number;
  /** Of the one error. */
  readonly code?: string;
  /** The whole body; by default the answer to the query, for a POST or GET of it with 200. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

const answered = (section: string, fact: string, sends: string | Buffer): Requirement => ({
  section,
  fact,
  sends,
  status: 200,
  body: DATA,
});

const refused = (
  section: string,
  fact: string,
  sends: string | Buffer,
  status: number,
  code: string,
  headers: Readonly<Record<string, unknown>> = {},
): Requirement => ({ section, fact, sends, status, code, headers });

const targets: Requirement[] = [
  answered('9112 3.2.1', 'origin-form', get(GET_QUERY)),
  answered('9112 3.2.2', 'absolute-form', get(`http://127.0.0.1${GET_QUERY}`)),
  answered('9112 3.2.2', 'absolute-form with a port', get(`http://localhost:4000${GET_QUERY}`)),
  answered('9112 3.2.2', 'absolute-form, scheme in capitals', get(`HTTP://LOCALHOST${GET_QUERY}`)),
  answered(
    '9112 3.2.2',
    'absolute-form of https, behind TLS',
    get(`https://127.0.0.1${GET_QUERY}`),
  ),
  answered(
    '9112 3.2.2',
    'absolute-form, of which the host counts and not Host',
    request(`GET http://127.0.0.1${GET_QUERY} HTTP/1.1`, 'Host: rebound.example.net', CLOSE),
  ),
  refused(
    '9112 3.2.2',
    'absolute-form with a host that is not ours, whatever Host says',
    get(`http://rebound.example.net${GET_QUERY}`),
    421,
    'FORBIDDEN',
  ),
  refused('9112 3.2.2', 'absolute-form of nothing', get('http://127.0.0.1'), 404, 'NOT_FOUND'),
  refused(
    '9112 3.2.2',
    'absolute-form with a user',
    get(`http://a@127.0.0.1${GET_QUERY}`),
    400,
    'BAD_REQUEST',
  ),
  refused(
    '9112 3.2.2',
    'absolute-form of another scheme',
    get('ftp://127.0.0.1/graphql'),
    400,
    'BAD_REQUEST',
  ),
  refused(
    '9112 3.2.3',
    'authority-form',
    request('CONNECT 127.0.0.1:80 HTTP/1.1', HOST),
    405,
    'METHOD_NOT_ALLOWED',
    { allow: 'GET, HEAD, POST, OPTIONS' },
  ),
  {
    section: '9112 3.2.4',
    fact: 'asterisk-form',
    sends: request('OPTIONS * HTTP/1.1', HOST, CLOSE),
    status: 204,
    body: '',
    headers: { allow: 'GET, HEAD, POST, OPTIONS' },
  },
  {
    section: '9112 3.2.4',
    fact: 'asterisk-form as a proxy may be asked for it',
    sends: request('OPTIONS http://127.0.0.1 HTTP/1.1', HOST, CLOSE),
    status: 204,
    body: '',
  },
  ...['/%67raphql', '/g%72aph%71%6C', '/%67%72%61%70%68%71%6c'].map((path) =>
    answered('9110 4.2.3', `${path} as /graphql`, get(GET_QUERY.replace('/graphql', path))),
  ),
  answered(
    '9110 4.2.3',
    'absolute-form with encodings in host and path',
    get(`http://%6c%6Fcalhost${GET_QUERY.replace('/graphql', '/gr%61phql')}`),
  ),
  ...['/%68ealthz', '/schema%2Egraphql'].map((path) => ({
    section: '9110 4.2.3',
    fact: `${path} as the plain path`,
    sends: get(path),
    status: 200,
  })),
  ...[
    '/graphql%2Dx',
    '/%2567raphql',
    '/%%367raphql',
    '/graphql%2F',
    '/graphql%3F',
    '/%2Fgraphql',
    '/%67raphql%00',
    '/%6',
    '/%',
    '/%zz',
    '/x/%2e%2e/graphql',
    '/%2e%2e/graphql',
    '/images/%2e%2e/graphql',
    '/images/..%2fgraphql',
    '/images%2Fx',
  ].map((path) => refused('3986 6.2.2.2', `${path} as another path`, get(path), 404, 'NOT_FOUND')),
  {
    section: '9110 4.2.3',
    fact: 'a WebSocket at an encoded path',
    sends: request(
      'GET /gr%61phql HTTP/1.1',
      'Host: localhos%74',
      'Connection: Upgrade',
      'Upgrade: websocket',
      ...UPGRADE,
    ),
    status: 101,
  },
  refused(
    '9112 2.2',
    'a lone LF behind the request line',
    get(GET_QUERY).replace('\r\n', '\n'),
    400,
    'BAD_REQUEST',
  ),
  refused(
    '9112 2.2',
    'a lone LF behind a field',
    get(GET_QUERY, 'X: y').replace('y\r\n', 'y\n'),
    400,
    'BAD_REQUEST',
  ),
  refused('9112 2.2', 'lone LFs', get(GET_QUERY).replaceAll('\r\n', '\n'), 400, 'BAD_REQUEST'),
  refused('9112 2.2', 'a lone CR', get(GET_QUERY).replace('\r\n', '\r'), 400, 'BAD_REQUEST'),
  refused(
    '9112 3',
    'white space behind the version',
    get(GET_QUERY).replace('\r\n', ' \r\n'),
    400,
    'BAD_REQUEST',
  ),
  answered('9112 2.2', 'empty lines before the request', `\r\n\r\n${get(GET_QUERY)}`),
  refused(
    '9112 3',
    'a target that is too long',
    get(`/graphql?${'x'.repeat(20_000)}`),
    414,
    'URI_TOO_LONG',
  ),
  refused(
    '9110 5.4',
    'headers that are too long',
    get('/', `X: ${'x'.repeat(20_000)}`),
    431,
    'REQUEST_HEADER_FIELDS_TOO_LARGE',
  ),
  refused('9112 2.2', 'no HTTP', '\u0016\u0003\u0001\u0002\r\n\r\n', 400, 'BAD_REQUEST'),
];

const hosts: Requirement[] = [
  refused('9112 3.2', 'no Host', request(`GET ${GET_QUERY} HTTP/1.1`, CLOSE), 400, 'BAD_REQUEST'),
  refused('9112 3.2', 'two Hosts', get(GET_QUERY, HOST), 400, 'BAD_REQUEST'),
  refused(
    '9112 3.2',
    'two Hosts for a probe',
    get('/healthz', 'host: localhost'),
    400,
    'BAD_REQUEST',
  ),
  refused(
    '9112 3.2',
    'no host in Host',
    request('GET /healthz HTTP/1.1', 'Host: a b', CLOSE),
    400,
    'BAD_REQUEST',
  ),
  refused(
    '9112 3.2',
    'a path in Host',
    request('GET / HTTP/1.1', 'Host: localhost/x', CLOSE),
    400,
    'BAD_REQUEST',
  ),
  refused(
    '9112 3.2',
    'no Host for a WebSocket',
    request('GET /graphql HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket', ...UPGRADE),
    400,
    'BAD_REQUEST',
  ),
  refused(
    '9112 3.2',
    'two Hosts for a WebSocket',
    request(
      'GET /graphql HTTP/1.1',
      HOST,
      HOST,
      'Connection: Upgrade',
      'Upgrade: websocket',
      ...UPGRADE,
    ),
    400,
    'BAD_REQUEST',
  ),
  answered(
    '9110 4.2.1',
    'an empty port in Host',
    request(`GET ${GET_QUERY} HTTP/1.1`, 'Host: localhost:', CLOSE),
  ),
  ...['%6c%6Fcalhost', 'localhos%74:4000', '127%2e0.0.%31', 'LOCAL%68OST.'].map((host) =>
    answered(
      '9110 4.2.3',
      `Host ${host} as the plain one`,
      request(`GET ${GET_QUERY} HTTP/1.1`, `Host: ${host}`, CLOSE),
    ),
  ),
  ...['rebound%2eexample.net', '%256cocalhost', 'localhost%2f', 'localhost%00'].map((host) =>
    refused(
      '9110 7.4',
      `Host ${host} as another one`,
      request(`GET ${GET_QUERY} HTTP/1.1`, `Host: ${host}`, CLOSE),
      421,
      'FORBIDDEN',
    ),
  ),
  refused(
    '9112 3.2',
    'an encoded port in Host',
    request('GET / HTTP/1.1', 'Host: localhost:%34000', CLOSE),
    400,
    'BAD_REQUEST',
  ),
  refused(
    '9110 7.4',
    'a Host that is not ours',
    request('GET /graphql HTTP/1.1', 'Host: rebound.example.net', CLOSE),
    421,
    'FORBIDDEN',
  ),
  ...['/healthz', '/readyz', '/metrics'].map((path) => ({
    section: '9110 7.4',
    fact: `any Host at ${path}`,
    sends: request(`GET ${path} HTTP/1.1`, 'Host: se5_gateway.svc:4000', CLOSE),
    status: 200,
  })),
];

const versions: Requirement[] = [
  answered('9112 2.3', 'HTTP/1.0 without Host', request(`GET ${GET_QUERY} HTTP/1.0`)),
  answered('9112 2.3', 'HTTP/1.0 with Host', request(`GET ${GET_QUERY} HTTP/1.0`, HOST)),
  answered(
    '9110 10.1.1',
    'an expectation in HTTP/1.0',
    request(`GET ${GET_QUERY} HTTP/1.0`, 'Expect: magic'),
  ),
  answered(
    '9110 7.8',
    'an upgrade in HTTP/1.0',
    request(`GET ${GET_QUERY} HTTP/1.0`, 'Connection: Upgrade', 'Upgrade: websocket', ...UPGRADE),
  ),
  refused(
    '9110 15.6.6',
    'HTTP/2.0',
    request('GET / HTTP/2.0', HOST),
    505,
    'HTTP_VERSION_NOT_SUPPORTED',
  ),
  refused(
    '9110 15.6.6',
    'HTTP/0.9',
    request('GET / HTTP/0.9', HOST),
    505,
    'HTTP_VERSION_NOT_SUPPORTED',
  ),
  refused(
    '9110 15.6.6',
    'HTTP/3.0',
    request('GET / HTTP/3.0', HOST),
    505,
    'HTTP_VERSION_NOT_SUPPORTED',
  ),
  refused(
    '9113 3.4',
    'HTTP/2 right away',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    505,
    'HTTP_VERSION_NOT_SUPPORTED',
  ),
];

const fields: Requirement[] = [
  answered(
    '9110 5.6.3',
    'white space around a value',
    get(GET_QUERY, 'Accept: \t application/json \t '),
  ),
  answered('9110 5.1', 'names in any case', post(JSON_BODY, 'cOnTeNt-TyPe:application/json')),
  refused(
    '9112 5.1',
    'white space behind a name',
    get(GET_QUERY, 'Accept : */*'),
    400,
    'BAD_REQUEST',
  ),
  refused('9112 5.2', 'a folded line', get(GET_QUERY, 'X-Folded: a', ' b'), 400, 'BAD_REQUEST'),
  answered(
    '9110 5.3',
    'a list on several lines',
    get(GET_QUERY, 'Accept: text/html;q=0', 'Accept: application/json'),
  ),
  answered('9110 10.1.4', 'TE', get(GET_QUERY, 'TE: trailers, deflate;q=0.5')),
  answered('9110 7.6.3', 'Via', get(GET_QUERY, 'Via: 1.1 proxy', 'Max-Forwards: 0')),
  answered('9110 14.2', 'Range', get(GET_QUERY, 'Range: bytes=0-3', 'If-Range: "x"')),
  answered('9110 12.5.2', 'Accept-Charset', get(GET_QUERY, 'Accept-Charset: iso-8859-1')),
  answered('9110 12.5.3', 'Accept-Encoding', get(GET_QUERY, 'Accept-Encoding: br;q=1.0, *;q=0')),
  answered(
    '9110 13.1',
    'conditions where there is no tag',
    get(GET_QUERY, 'If-None-Match: "x"', 'If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT'),
  ),
  answered(
    '9110 9.3.1',
    'a body of a GET',
    request(`GET ${GET_QUERY} HTTP/1.1`, HOST, CLOSE, 'Content-Length: 5').concat('{"a":'),
  ),
];

const expectations: Requirement[] = [
  answered('9110 10.1.1', '100-continue in any case', post(JSON_BODY, 'Expect: 100-Continue')),
  answered('9110 5.6.1', 'an Expect without an element', post(JSON_BODY, 'Expect: ,')),
  refused(
    '9110 10.1.1',
    'an unknown expectation',
    post(JSON_BODY, 'Expect: magic'),
    417,
    'EXPECTATION_FAILED',
  ),
];

const upgrades: Requirement[] = (
  [
    ['h2c', 'Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABk'],
    ['TLS', 'Connection: keep-alive, upgrade', 'Upgrade: TLS/1.0'],
    ['several', 'Connection: Upgrade', 'Upgrade: h2c, IRC/6.9'],
    ['nothing', 'Connection: Upgrade', 'Upgrade: '],
  ] as const
).flatMap(([fact, ...headers]) => [
  answered(
    '9110 7.8',
    `an offer of ${fact} with a GET`,
    request(`GET ${GET_QUERY} HTTP/1.1`, HOST, ...headers),
  ),
  answered(
    '9110 7.8',
    `an offer of ${fact} with a POST`,
    request(
      'POST /graphql HTTP/1.1',
      HOST,
      'Content-Type: application/json',
      `Content-Length: ${JSON_BODY.length}`,
      ...headers,
    ) + JSON_BODY,
  ),
]);

const handshakes: Requirement[] = [
  ...['h2c, websocket', 'WebSocket , h2c', 'WEBSOCKET'].map((protocols) => ({
    section: '9110 7.8',
    fact: `WebSocket in "${protocols}"`,
    sends: request(
      'GET /graphql HTTP/1.1',
      HOST,
      'Connection: Upgrade',
      `Upgrade: ${protocols}`,
      ...UPGRADE,
    ),
    status: 101,
    headers: { upgrade: 'websocket' },
  })),
  refused(
    '6455 4.4',
    'another version of WebSocket',
    request(
      'GET /graphql HTTP/1.1',
      HOST,
      'Connection: Upgrade',
      'Upgrade: websocket',
      ...UPGRADE.slice(1),
      'Sec-WebSocket-Version: 7',
    ),
    426,
    'BAD_REQUEST',
    { 'sec-websocket-version': '13, 8', upgrade: 'websocket' },
  ),
  refused(
    '6455 4.2.2',
    'a WebSocket without a key',
    request(
      'GET /graphql HTTP/1.1',
      HOST,
      'Connection: Upgrade',
      'Upgrade: websocket',
      UPGRADE[0] ?? '',
    ),
    400,
    'BAD_REQUEST',
  ),
  refused(
    '6455 4.2.2',
    'a WebSocket elsewhere',
    request('GET /other HTTP/1.1', HOST, 'Connection: Upgrade', 'Upgrade: websocket', ...UPGRADE),
    404,
    'NOT_FOUND',
  ),
];

const methods: Requirement[] = [
  refused(
    '9110 9.1',
    'a method that nobody knows',
    request('BREW /graphql HTTP/1.1', HOST, CLOSE),
    501,
    'NOT_IMPLEMENTED',
  ),
  refused(
    '9110 9.1',
    'a method in lower case',
    request('get /graphql HTTP/1.1', HOST, CLOSE),
    501,
    'NOT_IMPLEMENTED',
  ),
  ...['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'].map((method) =>
    refused(
      '9110 15.5.6',
      method,
      request(`${method} /graphql HTTP/1.1`, HOST, CLOSE),
      405,
      'METHOD_NOT_ALLOWED',
      {
        allow: 'GET, HEAD, POST, OPTIONS',
      },
    ),
  ),
  ...['/healthz', '/readyz', '/metrics', '/images/x'].flatMap((path): Requirement[] => [
    refused(
      '9110 15.5.6',
      `POST ${path}`,
      request(`POST ${path} HTTP/1.1`, HOST, CLOSE, 'Content-Length: 0'),
      405,
      'METHOD_NOT_ALLOWED',
      {
        allow: 'GET, HEAD, OPTIONS',
      },
    ),
    {
      section: '9110 9.3.7',
      fact: `OPTIONS ${path}`,
      sends: request(`OPTIONS ${path} HTTP/1.1`, HOST, CLOSE),
      status: 204,
      body: '',
      headers: { allow: 'GET, HEAD, OPTIONS' },
    },
  ]),
  {
    section: '9110 9.3.7',
    fact: 'OPTIONS /graphql',
    sends: request('OPTIONS /graphql HTTP/1.1', HOST, CLOSE),
    status: 204,
    body: '',
    headers: { allow: 'GET, HEAD, POST, OPTIONS' },
  },
];

const mediaTypes: Requirement[] = [
  ...[
    'application/json',
    'Application/JSON; Charset="UTF-8"',
    'APPLICATION/JSON;charset=utf8',
    'application/json;charset=us-ascii',
    'application/json ; profile="a;b\\"c"; charset=utf-8',
    'application/json;',
    'application/json, application/json',
    'application/GraphQL+JSON',
  ].map((type) => answered('9110 8.3.1', type, post(JSON_BODY, `Content-Type: ${type}`))),
  answered('9110 8.3.1', 'application/graphql', post(QUERY, 'Content-Type: Application/GraphQL')),
  answered(
    '9110 8.3.1',
    'a form',
    post(`query=${encodeURIComponent(QUERY)}`, 'Content-Type: application/X-www-form-urlencoded'),
  ),
  ...[
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/xml',
    'nonsense',
    'application/jsonp',
  ].map((type) =>
    refused(
      '9110 15.5.16',
      type,
      post(JSON_BODY, `Content-Type: ${type}`),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      {
        accept: expect.stringContaining('application/json'),
      },
    ),
  ),
  ...['utf-16', 'iso-8859-1', '"gbk"'].map((charset) =>
    refused(
      '9110 8.3.2',
      `charset ${charset}`,
      post(JSON_BODY, `Content-Type: application/json; charset=${charset}`),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ),
  ),
  refused(
    '9110 8.3',
    'no Content-Type',
    request('POST /graphql HTTP/1.1', HOST, CLOSE, 'Content-Length: 2').concat('{}'),
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ),
  answered('8259 8.1', 'a byte order mark', post(`\uFEFF${JSON_BODY}`)),
  refused(
    '8259 8.1',
    'UTF-16 that says it is UTF-8',
    post(Buffer.from(`\uFEFF${JSON_BODY}`, 'utf16le')),
    400,
    'BAD_REQUEST',
  ),
  refused(
    '8259 8.1',
    'bytes that are no UTF-8',
    post(Buffer.from(JSON_BODY.replace('id', 'ü'), 'latin1')),
    400,
    'BAD_REQUEST',
  ),
];

type Encode = (text: string | Buffer) => Buffer;

const ENCODERS: readonly (readonly [coding: string, encode: Encode])[] = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['GZip', gzipSync],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['BR', brotliCompressSync],
  ['zstd', zstdCompressSync],
  ['identity', (text) => Buffer.from(text)],
  ['', (text) => Buffer.from(text)],
];

const BOMBS: ReadonlySet<string> = new Set(['gzip', 'deflate', 'br', 'zstd']);

const codings: Requirement[] = [
  ...ENCODERS.map(([coding, encode]) =>
    answered(
      '9110 8.4.1',
      `${coding} by ${encode.name}`,
      post(encode(JSON_BODY), `Content-Encoding: ${coding}`),
    ),
  ),
  ...[
    ['gzip', gzipSync] as const,
    ['x-gzip', gzipSync] as const,
    ['zstd', zstdCompressSync] as const,
  ].map(([coding, encode]) =>
    answered(
      '9110 8.4.1',
      `${coding} in two parts`,
      post(
        Buffer.concat([encode(JSON_BODY.slice(0, 9)), encode(JSON_BODY.slice(9))]),
        `Content-Encoding: ${coding}`,
      ),
    ),
  ),
  answered(
    '9110 5.6.1',
    'a list of codings with empty elements',
    post(gzipSync(JSON_BODY), 'Content-Encoding: ,identity , gzip,,'),
  ),
  ...ENCODERS.filter(([coding]) => BOMBS.has(coding)).map(([coding, encode]) =>
    refused(
      '9110 8.4',
      `${coding} with more behind its end`,
      post(Buffer.concat([encode(JSON_BODY), Buffer.from('{}')]), `Content-Encoding: ${coding}`),
      400,
      'BAD_REQUEST',
    ),
  ),
  answered(
    '9110 8.4',
    'two codings',
    post(brotliCompressSync(gzipSync(JSON_BODY)), 'Content-Encoding: gzip, br'),
  ),
  answered(
    '9112 7.1',
    'a coded body in chunks',
    post(chunked(gzipSync(JSON_BODY)), 'Content-Encoding: gzip', 'Transfer-Encoding: chunked'),
  ),
  ...['compress', 'aes128gcm', 'gzip, foo', 'gzip, gzip, gzip, gzip'].map((coding) =>
    refused(
      '9110 15.5.16',
      coding,
      post(JSON_BODY, `Content-Encoding: ${coding}`),
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      {
        'accept-encoding': 'gzip, deflate, br, zstd',
      },
    ),
  ),
  ...['gzip', 'deflate', 'br', 'zstd'].map((coding) =>
    refused(
      '9110 8.4',
      `no ${coding}`,
      post(JSON_BODY, `Content-Encoding: ${coding}`),
      400,
      'BAD_REQUEST',
    ),
  ),
  refused(
    '9110 8.4',
    'half of gzip',
    post(gzipSync(JSON_BODY).subarray(0, 20), 'Content-Encoding: gzip'),
    400,
    'BAD_REQUEST',
  ),
  ...ENCODERS.filter(([coding]) => BOMBS.has(coding)).map(([coding, encode]) =>
    refused(
      '9110 15.5.14',
      `${coding} that becomes too large`,
      post(encode(Buffer.alloc(64 * 2 ** 20, ' ')), `Content-Encoding: ${coding}`),
      413,
      'REQUEST_ENTITY_TOO_LARGE',
    ),
  ),
  refused(
    '9110 15.5.14',
    'gzip in gzip that becomes too large',
    post(gzipSync(gzipSync(Buffer.alloc(64 * 2 ** 20))), 'Content-Encoding: gzip, gzip'),
    413,
    'REQUEST_ENTITY_TOO_LARGE',
  ),
];

const framings: Requirement[] = [
  answered(
    '9112 7.1.1',
    'extensions of chunks',
    post(
      `${JSON_BODY.length.toString(16)};a=b;c="d;e"\r\n${JSON_BODY}\r\n0;x\r\n\r\n`,
      'Transfer-Encoding: chunked',
    ),
  ),
  answered(
    '9112 7.1.2',
    'trailers',
    post(
      `${JSON_BODY.length.toString(16).toUpperCase()}\r\n${JSON_BODY}\r\n000\r\nX-Trailer: a\r\nHost: b\r\n\r\n`,
      'Transfer-Encoding: Chunked',
      'Trailer: X-Trailer',
    ),
  ),
  ...['Chunked', 'CHUNKED', ',chunked', ', ,\tchunked ', ' chunked'].map((coding) =>
    answered(
      '9110 5.6.1',
      `Transfer-Encoding "${coding}"`,
      post(chunked(Buffer.from(JSON_BODY)), `Transfer-Encoding: ${coding}`),
    ),
  ),
  ...['chunked,', 'chunked, chunked', ''].map((coding) =>
    refused(
      '9112 6.1',
      `Transfer-Encoding "${coding}"`,
      post(chunked(Buffer.from(JSON_BODY)), `Transfer-Encoding: ${coding}`),
      400,
      'BAD_REQUEST',
    ),
  ),
  ...['identity', 'xchunked', 'chunked;q=1', '"chunked"', ','].map((coding) =>
    refused(
      '9112 6.1',
      `Transfer-Encoding "${coding}"`,
      post(chunked(Buffer.from(JSON_BODY)), `Transfer-Encoding: ${coding}`),
      501,
      'NOT_IMPLEMENTED',
    ),
  ),
  refused(
    '9112 6.1',
    'another Transfer-Encoding',
    post(chunked(gzipSync(JSON_BODY)), 'Transfer-Encoding: gzip, chunked'),
    501,
    'NOT_IMPLEMENTED',
  ),
  refused('9112 6.3', 'two lengths', post(JSON_BODY, 'Content-Length: 1'), 400, 'BAD_REQUEST'),
  refused(
    '9112 6.3',
    'a length beside chunks',
    post(chunked(Buffer.from(JSON_BODY)), 'Transfer-Encoding: chunked', 'Content-Length: 5'),
    400,
    'BAD_REQUEST',
  ),
  refused(
    '9112 6.3',
    'a length that is no number',
    post(JSON_BODY, 'Transfer-Encoding: chunked')
      .toString()
      .replace(/Transfer-Encoding: chunked/, 'Content-Length: +5'),
    400,
    'BAD_REQUEST',
  ),
  refused(
    '9112 7.1',
    'a chunk of no length',
    post(`x\r\n${JSON_BODY}\r\n0\r\n\r\n`, 'Transfer-Encoding: chunked'),
    400,
    'BAD_REQUEST',
  ),
  refused(
    '9110 15.5.14',
    'a body that is too large',
    post('x'.repeat(2 ** 20 + 1)),
    413,
    'REQUEST_ENTITY_TOO_LARGE',
  ),
];

const accepts: Requirement[] = [
  ...(
    [
      [undefined, 'application/json'],
      ['', 'application/json'],
      ['*/*', 'application/json'],
      ['application/*;q=0.1', 'application/json'],
      ['Application/JSON', 'application/json'],
      ['application/json; charset="UTF-8"', 'application/json'],
      ['application/json; charset=utf8', 'application/json'],
      ['*/*;q=0.1', 'application/json'],
      [
        'application/graphql-response+json; charset=UTF-8; q=0.9; ext=1',
        'application/graphql-response+json',
      ],
      ['text/html;q=0, application/json;q=0.001', 'application/json'],
      ['application/graphql-response+json', 'application/graphql-response+json'],
      ['Application/GraphQL-Response+JSON;Q=1', 'application/graphql-response+json'],
      [
        'application/json;q=0.4, application/graphql-response+json;q=0.5',
        'application/graphql-response+json',
      ],
      ['application/graphql-response+json;q=0.4, application/json;q=0.5', 'application/json'],
      ['application/json;q=0, */*', 'application/graphql-response+json'],
      ['text/event-stream;q=0.9, application/json;q=0.1', 'application/json'],
    ] as const
  ).map(([accept, type]) => ({
    ...answered(
      '9110 12.5.1',
      `Accept: ${accept}`,
      get(GET_QUERY, ...(accept === undefined ? [] : [`Accept: ${accept}`])),
    ),
    headers: { 'content-type': `${type}; charset=utf-8` },
  })),
  ...['text/plain', 'application/json;q=0', 'application/json;charset=utf-16', 'image/*'].map(
    (accept) =>
      refused(
        '9110 15.5.7',
        `Accept: ${accept}`,
        get(GET_QUERY, `Accept: ${accept}`),
        406,
        'BAD_USER_INPUT',
      ),
  ),
];

/** A body of one chunk. */
function chunked(body: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`${body.length.toString(16)}\r\n`),
    body,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
}

describe('by RFC 9110 and RFC 9112', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await startGateway();
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  /** The final one; a WebSocket that is let in is closed by its time-out. */
  const finalAnswer = async (sends: string | Buffer): Promise<WireAnswer> => {
    const answers = await onTheWire(gateway.port, sends);
    const answer = answers.find(({ status }) => status !== 100);
    if (answer === undefined) throw new Error('there was no answer');
    return answer;
  };

  describe.each(
    Object.entries({
      targets,
      hosts,
      versions,
      fields,
      expectations,
      upgrades,
      handshakes,
      methods,
      mediaTypes,
      codings,
      framings,
      accepts,
    }),
  )('%s', (_, requirements) => {
    it.concurrent.each(
      requirements.map((each) => [each.section, each.fact, each.status, each] as const),
    )('RFC %s: %s: %i', async (_section, _fact, status, { sends, code, body, headers = {} }) => {
      const answer = await finalAnswer(sends);
      expect({
        status: answer.status,
        body: answer.status === status ? '' : answer.body,
      }).toEqual({ status, body: '' });
      expect(answer.headers).toMatchObject(headers);
      if (body !== undefined) expect(answer.body).toBe(body);
      if (code !== undefined) expect(codeIn(answer.body)).toBe(code);
    });
  });

  it('RFC 9112 6.1: tells of a Transfer-Encoding that leaves open where the request ends', async () => {
    const sends = post(chunked(Buffer.from(JSON_BODY)), 'Transfer-Encoding: chunked, chunked');
    expect((await finalAnswer(sends)).body).toContain('Transfer-Encoding');
  });

  it('RFC 9112 2.2: tells of a line that does not end with CRLF', async () => {
    for (const sends of [
      get(GET_QUERY).replace('\r\n', '\n'),
      get(GET_QUERY, 'X: y').replace('y\r\n', 'y\n'),
    ]) {
      const { body } = await finalAnswer(sends);
      expect(body).toContain('CRLF');
      expect(body).not.toContain('spoken here');
    }
  });

  it('RFC 9110 10.1.1: says 100 before it reads a body that waits for it', async () => {
    const answers = await onTheWire(gateway.port, post(JSON_BODY, 'Expect: 100-continue'));
    expect(answers.map(({ status }) => status)).toEqual([100, 200]);
  });

  it('RFC 9110 9.3.2: HEAD says what GET says, without the body', async () => {
    for (const path of [GET_QUERY, '/healthz', '/readyz', '/images/x', '/nothing']) {
      const [got] = await onTheWire(gateway.port, get(path));
      const [head] = await onTheWire(gateway.port, request(`HEAD ${path} HTTP/1.1`, HOST, CLOSE));
      const { date: _, ...headers } = got?.headers ?? {};
      expect({ path, ...head }).toMatchObject({ path, status: got?.status, headers, body: '' });
    }
    const [metrics] = await onTheWire(gateway.port, request('HEAD /metrics HTTP/1.1', HOST, CLOSE));
    expect(metrics).toMatchObject({ status: 200, body: '' });
  });

  it('RFC 9110 9.3.2: HEAD of a subscription begins none', async () => {
    const query = encodeURIComponent('subscription { boxStatus { id } }');
    const answers = await onTheWire(
      gateway.port,
      request(`HEAD /graphql?query=${query} HTTP/1.1`, HOST, CLOSE, 'Accept: text/event-stream'),
    );
    expect(answers).toMatchObject([
      { status: 200, headers: { 'content-type': 'text/event-stream' }, body: '' },
    ]);
  });

  it('RFC 9112 9.3.2: answers requests that follow each other at once in their order', async () => {
    const answers = await onTheWire(
      gateway.port,
      request('GET /healthz HTTP/1.1', HOST) +
        request(`GET ${GET_QUERY} HTTP/1.1`, HOST) +
        get('/nothing'),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
  });
});
