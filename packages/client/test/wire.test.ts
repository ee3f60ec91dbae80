import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClientError } from '../src/errors.ts';
import { parseServerMessage } from '../src/wire.ts';

const parse = (message: unknown) => parseServerMessage(JSON.stringify(message));

describe('a message of the gateway', () => {
  test('is read with the cursor that it brings', () => {
    expect(parse({ type: 'connection_ack', payload: { cursor: 'c1' } })).toEqual({
      type: 'connection_ack',
      cursor: 'c1',
    });
    expect(parse({ type: 'ping' })).toEqual({ type: 'ping', cursor: undefined });
    expect(parse({ type: 'ping', payload: { cursor: 7 } })).toEqual({
      type: 'ping',
      cursor: undefined,
    });
  });

  test('is read with the expiry of the token that it brings', () => {
    const expiresAt = '2027-01-31T18:00:00.000Z';
    const at = Date.parse(expiresAt);
    expect(parse({ type: 'connection_ack', payload: { expiresAt } })).toMatchObject({
      expiresAt: at,
    });
    expect(parse({ type: 'pong', payload: { expiresAt } })).toEqual({
      type: 'pong',
      expiresAt: at,
    });
    for (const payload of [undefined, {}, { expiresAt: 7 }, { expiresAt: 'soon' }]) {
      expect(parse({ type: 'pong', payload })).toEqual({ type: 'pong', expiresAt: undefined });
    }
  });

  test('is read with its data and its errors', () => {
    const errors = [{ message: 'No.', path: ['a', 0], extensions: { code: 'BAD_USER_INPUT' } }];
    expect(parse({ type: 'next', id: '1', payload: { data: { a: null }, errors } })).toEqual({
      type: 'next',
      id: '1',
      result: {
        data: { a: null },
        errors: [{ message: 'No.', path: ['a', '0'], code: 'BAD_USER_INPUT' }],
      },
    });
    expect(parse({ type: 'error', id: '1', payload: [{ message: 'No.' }] })).toEqual({
      type: 'error',
      id: '1',
      errors: [{ message: 'No.', path: [], code: undefined }],
    });
  });

  test('that is none is a PROTOCOL error, whatever it is, and is not quoted', () => {
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '{"type":"next","id":"1"}',
      '{"type":"Visitor 12"}',
    ]) {
      expect(() => parseServerMessage(text)).toThrow(ClientError);
      expect(() => parseServerMessage(text)).not.toThrow(/Visitor/);
    }
    expect(() => parseServerMessage(new ArrayBuffer(2))).toThrow(ClientError);
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => parseServerMessage(text)).toThrow(ClientError);
      }),
    );
  });
});
