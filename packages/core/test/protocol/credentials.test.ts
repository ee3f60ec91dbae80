import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesCredential, withoutCredentials } from '../../src/protocol/credentials.ts';

describe('a text without credentials', () => {
  it.each([
    ['rtsp://admin:secret@10.0.0.7:554/1', 'rtsp://10.0.0.7:554/1'],
    ['rtsp://admin@10.0.0.7/1', 'rtsp://10.0.0.7/1'],
    ['rtsp://:secret@10.0.0.7/1', 'rtsp://10.0.0.7/1'],
    ['RTSPS://admin:s@cr#e/t?@[::1]/1', 'RTSPS://[::1]/1'],
    ['rtsp://admin:two words@10.0.0.7/1', 'rtsp://10.0.0.7/1'],
    ['rtsp://admin:p%40ss@10.0.0.7/1', 'rtsp://10.0.0.7/1'],
    ['Gate rtsp://admin:secret@10.0.0.7', 'Gate rtsp://10.0.0.7'],
    ['admin:secret@10.0.0.7', '10.0.0.7'],
    ['Gate admin:secret@10.0.0.7 north', 'Gate 10.0.0.7 north'],
    ['rtsp:\\/\\/admin:secret@10.0.0.7', '10.0.0.7'],
    ['http://10.0.0.1/?u=rtsp%3A%2F%2Fadmin%3Asecret%4010.0.0.7', 'http://10.0.0.7'],
    ['rtsp://10.0.0.7/user=admin_password=secret_channel=1', 'rtsp://10.0.0.7/'],
    ['rtsp://10.0.0.7/1?channel=1&Password=secret&x=1', 'rtsp://10.0.0.7/1?channel=1&'],
    ['/h264?username=admin&pwd=secret', '/h264?'],
    ['/h264?token%3Dsecret', '/h264?'],
  ])('is, of %s, %s', (text, rest) => {
    expect(withoutCredentials(text)).toBe(rest);
  });

  it.each([
    '',
    'rtsp://10.0.0.7:554/Streaming/Channels/101',
    '192.168.1.243',
    'fe80::1',
    'Gate 1: north',
    'desk@example.com',
    '2c1a6a12-ecf4-4490-a2fc-8d7a5023bfcd',
  ])('is the text itself where there are none: %s', (text) => {
    expect(withoutCredentials(text)).toBe(text);
  });

  it('has neither the user nor the password of an address, whatever characters they are of', () => {
    // Marked, so that they can be found, and not mistaken for a part of the rest.
    const secret = fc.string({ unit: 'binary' }).map((text) => `<${text}>`);
    fc.assert(
      fc.property(
        fc.constantFrom('', 'see ', 'a@b ', 'x://y '),
        fc.constantFrom('rtsp://', 'http://', 'RTSP://'),
        secret,
        secret,
        fc.constantFrom('10.0.0.7', '[::1]:554', 'camera.example', ''),
        fc.constantFrom('', '/1', '/1?channel=1', ' and more'),
        (before, scheme, user, password, host, after) => {
          for (const userInfo of [`${user}:${password}`, user, `:${password}`]) {
            const rest = withoutCredentials(`${before}${scheme}${userInfo}@${host}${after}`);
            expect(rest).not.toMatch(/[<>]/);
            expect(rest.endsWith(`${host}${after}`)).toBe(true);
          }
        },
      ),
    );
  });

  it('comes in time that grows with the length alone', () => {
    for (const piece of ['://', '@', 'user', 'a:', 'a ', '%40', '%3a%2f%2f', 'a:b@c ']) {
      withoutCredentials(piece.repeat(2 ** 20 / piece.length));
    }
  });
});

describe('a member', () => {
  it.each([
    'password',
    'rtsp_passwd',
    'Pwd',
    'pass',
    'client_secret',
    'accessToken',
    'rtsp://a:b@c',
  ])('holds a credential by the name %s', (name) => {
    expect(namesCredential(name)).toBe(true);
  });

  it.each(['device_name', 'pass_count', 'passage', 'group_id', 'keyframe', ''])(
    'holds none by the name %s',
    (name) => {
      expect(namesCredential(name)).toBe(false);
    },
  );
});
