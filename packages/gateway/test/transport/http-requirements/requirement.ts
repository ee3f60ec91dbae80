export const QUERY = '{ sites { id } }';
const DATA = '{"data":{"sites":[{"id":"site"}]}}';
export const JSON_BODY = JSON.stringify({ query: QUERY });
export const GET_QUERY = `/graphql?query=${encodeURIComponent(QUERY)}`;

export const HOST = 'Host: 127.0.0.1';
export const CLOSE = 'Connection: close';

/** A request without a body. */
export const request = (line: string, ...headers: string[]): string =>
  `${[line, ...headers].join('\r\n')}\r\n\r\n`;

/** One to /graphql in JSON, if the headers do not say otherwise. */
export const post = (body: string | Buffer, ...headers: string[]): Buffer => {
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

export const get = (target: string, ...headers: string[]): string =>
  request(`GET ${target} HTTP/1.1`, HOST, CLOSE, ...headers);

export const UPGRADE = [
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
];

/** What a server must do, and what shows it. */
export interface Requirement {
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

export const answered = (section: string, fact: string, sends: string | Buffer): Requirement => ({
  section,
  fact,
  sends,
  status: 200,
  body: DATA,
});

export const refused = (
  section: string,
  fact: string,
  sends: string | Buffer,
  status: number,
  code: string,
  headers: Readonly<Record<string, unknown>> = {},
): Requirement => ({ section, fact, sends, status, code, headers });

/** A body of one chunk. */
export function chunked(body: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`${body.length.toString(16)}\r\n`),
    body,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
}
