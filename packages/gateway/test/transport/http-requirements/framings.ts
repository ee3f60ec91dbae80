import { gzipSync } from 'node:zlib';
import { answered, chunked, JSON_BODY, post, type Requirement, refused } from './requirement.ts';

export const framings: Requirement[] = [
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
