import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { expect } from 'vitest';
import {
  answered,
  CLOSE,
  chunked,
  GET_QUERY,
  get,
  HOST,
  JSON_BODY,
  post,
  QUERY,
  type Requirement,
  refused,
  request,
} from './requirement.ts';

export const mediaTypes: Requirement[] = [
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

export const codings: Requirement[] = [
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

export const accepts: Requirement[] = [
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
