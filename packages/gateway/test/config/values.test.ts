// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file says.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/config/duration.ts';
import { substitute } from '../../src/config/environment.ts';
import { parseListen } from '../../src/config/listen.ts';
import { parseConfig } from '../../src/config/load.ts';
import { parseOrigin, parsePublicUrl } from '../../src/config/origin.ts';
import { parseSize } from '../../src/config/size.ts';

describe('a duration', () => {
  it.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['10min', 600_000],
    ['24h', 86_400_000],
    ['30d', 2_592_000_000],
    ['1.5 h', 5_400_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '10', '10m', '-1s', '0s', '1h 30min', '1e9d', 'Infinityd', '99999999999d'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});

describe('a size', () => {
  it.each([
    ['1B', 1],
    ['64KiB', 65_536],
    ['256MiB', 268_435_456],
    ['1.5GiB', 1_610_612_736],
    ['2 MB', 2_000_000],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '256', '0MiB', '-1MB', '1mib', '1TB', '0.1B'])('%j is none', (text) => {
    expect(parseSize(text)).toBeUndefined();
  });
});

describe('an address to listen on', () => {
  it.each([
    ['127.0.0.1:4000', '127.0.0.1', 4000],
    ['localhost:0', 'localhost', 0],
    ['[::1]:65535', '::1', 65_535],
    ['faces-1.example.com:80', 'faces-1.example.com', 80],
  ])('%s is a host and a port', (text, host, port) => {
    expect(parseListen(text)).toEqual({ host, port });
  });

  it.each(['', '4000', ':4000', '*:4000', '127.0.0.1', '127.0.0.1:', '1.2.3:4', '[::1]', '::1:80'])(
    '%j is none',
    (text) => {
      expect(parseListen(text)).toBeUndefined();
    },
  );

  it.each(['127.0.0.1:65536', '[localhost]:80', '[127.0.0.1]:80', 'http://a:80', 'a:80/'])(
    '%j is none either',
    (text) => {
      expect(parseListen(text)).toBeUndefined();
    },
  );
});

describe('an origin', () => {
  it.each([
    ['https://desk.example.com', 'https://desk.example.com'],
    ['https://Desk.example.com:443', 'https://desk.example.com'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['capacitor://localhost', 'capacitor://localhost'],
    ['http://Localhost:*', 'http://localhost:*'],
    ['http://127.0.0.1:*', 'http://127.0.0.1:*'],
    ['http://[::1]:*', 'http://[::1]:*'],
  ])('%s is as a browser sends it: %s', (text, origin) => {
    expect(parseOrigin(text)).toBe(origin);
  });

  it.each([
    '*',
    'null',
    '',
    'desk.example.com',
    'https://a/',
    'https://a/b',
    'https://*.a',
    'https://*.a:*',
    'http://*:*',
    'http://*',
    '*://a:*',
    'http://a:80*',
    'http://a:8080:*',
    'http://a:*:*',
    'http://a:*/',
    'a:*',
    ':*',
  ])('%j is none', (text) => {
    expect(parseOrigin(text)).toBeUndefined();
  });
});

describe('a public address', () => {
  it('loses the slash at its end', () => {
    expect(parsePublicUrl('https://faces.example.com/')).toBe('https://faces.example.com');
    expect(parsePublicUrl('http://example.com:8080/faces/')).toBe('http://example.com:8080/faces');
  });

  it.each(['ftp://a', 'https://me@a', 'https://a?b', 'https://a#b', 'a.example.com'])(
    '%j is none',
    (text) => {
      expect(parsePublicUrl(text)).toBeUndefined();
    },
  );
});

describe('a reference to the environment', () => {
  const environment = { HOST: 'box.local', EMPTY: '', NESTED: '${HOST}' };

  it.each([
    ['${HOST}', 'box.local'],
    ['a-${HOST}-${HOST}', 'a-box.local-box.local'],
    ['${NONE:-fallback}', 'fallback'],
    ['${NONE:-}', ''],
    ['${EMPTY:-fallback}', 'fallback'],
    ['${EMPTY}', ''],
    ['$${HOST}', '${HOST}'],
    ['${NESTED}', '${HOST}'],
    ['$HOST $ {HOST}', '$HOST $ {HOST}'],
  ])('%s gives %s', (text, expected) => {
    expect(substitute(text, environment)).toEqual({ text: expected, problems: [] });
  });

  it('that is not set is a problem that says so', () => {
    expect(substitute('${NONE}', environment).problems).toEqual([
      'the environment variable NONE is not set; set it, or write ${NONE:-default}',
    ]);
  });

  it.each(['${', '${HOST', '${}', '${1}', '${HOST-x}', '${HOST:+x}', '${ HOST }'])(
    'that is malformed is a problem: %j',
    (text) => {
      expect(substitute(text, environment).problems).toHaveLength(1);
    },
  );

  it('leaves text without one as it is, and never puts YAML into the file', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        if (!value.includes('${')) expect(substitute(value, {}).text).toBe(value);
        const config = parseConfig('sites: []\njournal: { path: "${P}" }', {
          environment: { P: value },
        });
        expect(config.journal.path).toBe(value);
      }),
    );
  });
});
