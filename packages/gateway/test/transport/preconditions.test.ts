import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { conditionOf } from '../../src/transport/preconditions.ts';

it.each([
  [{}, 'met'],
  [{ 'if-none-match': '"a"' }, 'not modified'],
  [{ 'if-none-match': 'W/"a"' }, 'not modified'],
  [{ 'if-none-match': '"x", "a"' }, 'not modified'],
  [{ 'if-none-match': '*' }, 'not modified'],
  [{ 'if-none-match': '"x,"' }, 'met'],
  [{ 'if-none-match': '"b"' }, 'met'],
  [{ 'if-none-match': 'a' }, 'met'],
  [{ 'if-match': '"a"' }, 'met'],
  [{ 'if-match': '*' }, 'met'],
  [{ 'if-match': 'W/"a"' }, 'failed'],
  [{ 'if-match': '"b"' }, 'failed'],
  [{ 'if-match': '"b"', 'if-none-match': '"a"' }, 'failed'],
  [{ 'if-match': '"a"', 'if-none-match': '"a"' }, 'not modified'],
  [{ 'if-modified-since': 'Sat, 29 Oct 1994 19:43:31 GMT' }, 'met'],
] as const)('the conditions %j on the tag "a" are %s', (headers, condition) => {
  expect(conditionOf({ headers } as IncomingMessage, '"a"')).toBe(condition);
});
