import { afterEach, describe, expect, test, vi } from 'vitest';
import { resolveEndpoint } from '../src/endpoint.ts';
import { ClientError } from '../src/errors.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the address of a gateway', () => {
  test('gives both doors, with and without a slash or /graphql at the end', () => {
    for (const url of ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/']) {
      expect(resolveEndpoint(url)).toEqual({
        base: 'http://127.0.0.1:4000',
        http: 'http://127.0.0.1:4000/graphql',
        webSocket: 'ws://127.0.0.1:4000/graphql',
      });
    }
    for (const url of ['http://127.0.0.1:4000/graphql', 'http://127.0.0.1:4000/graphql/']) {
      expect(resolveEndpoint(url)).toEqual(resolveEndpoint('http://127.0.0.1:4000'));
    }
    expect(resolveEndpoint('https://h/se5-graphql').http).toBe('https://h/se5-graphql/graphql');
    expect(resolveEndpoint('https://faces.example.com/se5')).toMatchObject({
      http: 'https://faces.example.com/se5/graphql',
      webSocket: 'wss://faces.example.com/se5/graphql',
    });
  });

  test('is relative to the page in a page', () => {
    vi.stubGlobal('location', { origin: 'https://desk.example.com' });
    expect(resolveEndpoint('').webSocket).toBe('wss://desk.example.com/graphql');
    expect(resolveEndpoint('/').http).toBe('https://desk.example.com/graphql');
    expect(resolveEndpoint('/graphql').base).toBe('https://desk.example.com');
    expect(resolveEndpoint('/faces').http).toBe('https://desk.example.com/faces/graphql');
  });

  test('that is none is refused with what one looks like', () => {
    for (const url of [
      '',
      '/faces',
      '//evil',
      'localhost:4000',
      'ws://h',
      'http://',
      'http://h?x',
    ]) {
      expect(() => resolveEndpoint(url)).toThrow(ClientError);
    }
    expect(() => resolveEndpoint('localhost:4000')).toThrow(/http:\/\/host:port/);
  });
});
