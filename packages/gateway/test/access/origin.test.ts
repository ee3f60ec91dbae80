import { describe, expect, it } from 'vitest';
import { createOriginPolicy, judgeOrigin, judgeRead } from '../../src/access/origin.ts';
import { containing } from '../support/matchers.ts';

const policy = createOriginPolicy(
  {
    listen: { host: 'Gate.example.com', port: 4000 },
    publicUrl: 'https://faces.example.com/gate',
    hosts: ['se5_gateway', 'gateway.internal'],
    origins: ['https://desk.example.com'],
  },
  'Gate-PC',
);
const HOST = { host: '127.0.0.1:4000' };
const judge = (headers: Record<string, string>) =>
  judgeOrigin(policy, { host: '127.0.0.1:4000', ...headers });

describe('the Host', () => {
  it.each([
    '127.0.0.1:4000',
    '192.168.1.5',
    '[::1]:4000',
    'localhost:4000',
    'LOCALHOST',
    'gate-pc:4000',
    'gate.example.com:4000',
    'faces.example.com',
    'faces.example.com:8443',
    'faces.example.com.',
    'faces.example.com:',
    'se5_gateway:4000',
    'Gateway.Internal',
  ])('%s is ours', (host) => {
    expect(judge({ host })).toEqual({ kind: 'own' });
  });

  it.each([
    'rebound.example.net:4000',
    'desk.example.com',
    'localhost.example.net',
    '127.0.0.1.example.net',
    'faces.example.com..',
    'other.gateway.internal',
    'faces.example.com@example.net',
    '[::1',
    '',
  ])('%s is not, and the answer says which key would change that', (host) => {
    expect(judge({ host })).toMatchObject({
      kind: 'refused',
      status: 421,
      message: containing('list this name in hosts'),
    });
  });

  it('is asked even of a page that may ask', () => {
    const headers = { host: 'rebound.example.net', origin: 'https://desk.example.com' };
    expect(judge(headers)).toMatchObject({ status: 421 });
  });

  it('may be missing, as in HTTP/1.0, from a request of no page', () => {
    expect(judgeOrigin(policy, {})).toEqual({ kind: 'own' });
    expect(judgeOrigin(policy, { origin: 'http://127.0.0.1:4000' })).toMatchObject({ status: 403 });
  });
});

describe('the Origin', () => {
  it.each([
    ['127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['localhost', 'http://localhost'],
    ['localhost:80', 'http://localhost'],
    ['localhost:443', 'https://localhost'],
    ['[::1]:4000', 'http://[::1]:4000'],
    ['gate-pc:4000', 'http://gate-pc:4000'],
  ])('of a page from %s is our own when it is %s', (host, origin) => {
    expect(judge({ host, origin })).toEqual({ kind: 'own' });
  });

  it.each(['https://desk.example.com', 'https://faces.example.com'])(
    '%s is listed, and may read the answer',
    (origin) => {
      expect(judge({ origin, 'sec-fetch-site': 'cross-site' })).toEqual({ kind: 'listed', origin });
    },
  );

  it.each([
    'http://127.0.0.1:4001',
    'http://localhost:4000',
    'http://desk.example.com',
    'https://desk.example.com:8443',
    'https://evil.desk.example.com',
    'file://127.0.0.1:4000',
    'http://127.0.0.1:4000.example.net',
  ])('%s is refused, and the answer says which key would change that', (origin) => {
    expect(judge({ origin })).toMatchObject({
      kind: 'refused',
      status: 403,
      message: containing('origins'),
    });
  });

  it.each([
    'http://localhost:5173',
    'http://localhost',
    'http://127.0.0.1:3000',
    'http://[::1]:8080',
    'capacitor://localhost:1',
  ])('%s is listed where every port of its host is', (origin) => {
    const origins = [
      'http://localhost',
      'http://127.0.0.1',
      'http://[::1]',
      'capacitor://localhost',
    ];
    const open = createOriginPolicy({
      listen: { host: '127.0.0.1', port: 4000 },
      publicUrl: undefined,
      hosts: [],
      origins: origins.map((host) => `${host}:*`),
    });
    expect(judgeOrigin(open, { ...HOST, origin })).toEqual({ kind: 'listed', origin });
    if (!origin.startsWith('http')) return;
    const picture = { ...HOST, referer: `${origin}/wall`, 'sec-fetch-site': 'cross-site' };
    expect(judgeOrigin(open, picture)).toEqual({ kind: 'listed', origin });
  });

  it.each([
    'https://localhost:5173',
    'http://localhost.example.net:5173',
    'http://localhost:5173.example.net',
    'http://example.net:5173',
    'http://localhost:*:1',
    'null',
  ])('%s is refused where every port of http://localhost is listed', (origin) => {
    const open = createOriginPolicy({
      listen: { host: '127.0.0.1', port: 4000 },
      publicUrl: undefined,
      hosts: [],
      origins: ['http://localhost:*'],
    });
    expect(judgeOrigin(open, { ...HOST, origin })).toMatchObject({ kind: 'refused', status: 403 });
  });

  it('null is refused', () => {
    expect(judge({ origin: 'null' })).toMatchObject({ kind: 'refused', status: 403 });
  });
});

describe('without an Origin', () => {
  it('who is no browser may ask', () => {
    expect(judge({})).toEqual({ kind: 'own' });
  });

  it.each(['same-origin', 'none'])('a request that a browser calls %s may pass', (site) => {
    expect(judge({ 'sec-fetch-site': site })).toEqual({ kind: 'own' });
  });

  it.each(['cross-site', 'same-site'])('one that it calls %s may not', (site) => {
    const headers = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' };
    expect(judge({ ...headers, 'sec-fetch-dest': 'image' })).toMatchObject({ status: 403 });
    expect(judge({ ...headers, 'sec-fetch-dest': 'script' })).toMatchObject({ status: 403 });
  });

  it('a link that the user follows may pass, a frame may not', () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
    expect(judge({ ...headers, 'sec-fetch-dest': 'document' })).toEqual({ kind: 'own' });
    expect(judge({ ...headers, 'sec-fetch-dest': 'iframe' })).toMatchObject({ status: 403 });
  });

  it('a picture goes by the page that shows it', () => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' };
    expect(judge({ ...headers, referer: 'https://desk.example.com/wall' })).toEqual({
      kind: 'listed',
      origin: 'https://desk.example.com',
    });
    expect(judge({ ...headers, referer: 'https://example.net/' })).toMatchObject({
      status: 403,
      message: containing('https://example.net'),
    });
    expect(judge({ ...headers, referer: 'nonsense' })).toMatchObject({ status: 403 });
  });
});

describe('over plain HTTP, where browsers send no Sec-Fetch-Site', () => {
  it('a request of a foreign page is refused by its Referer', () => {
    const referer = 'http://192.168.1.9/';
    expect(judge({ accept: 'image/avif,*/*;q=0.8', referer })).toMatchObject({
      status: 403,
      message: containing('http://192.168.1.9'),
    });
    expect(judge({ referer: 'http://127.0.0.1:4001/' })).toMatchObject({ status: 403 });
  });

  it('a link that the user follows may pass', () => {
    const headers = { accept: 'text/html,*/*;q=0.8', referer: 'http://192.168.1.9/' };
    expect(judge(headers)).toEqual({ kind: 'own' });
  });

  it('a page of our own, or a listed one, may ask', () => {
    expect(judge({ referer: 'http://127.0.0.1:4000/wall' })).toEqual({ kind: 'own' });
    expect(judge({ referer: 'https://desk.example.com/' })).toMatchObject({ kind: 'listed' });
  });
});

describe('a read of data by GET', () => {
  const read = (headers: Record<string, string>) => judgeRead(policy, { ...HOST, ...headers });
  const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0' };

  it('is refused to a browser that does not tell where it is from', () => {
    const refused = { kind: 'refused', status: 403, message: containing('Origin or Referer') };
    expect(read(browser)).toMatchObject(refused);
    // What a foreign page may put into a request that goes without Origin.
    expect(read({ ...browser, accept: 'text/event-stream' })).toMatchObject(refused);
    expect(read({ ...browser, accept: 'text/html,text/event-stream' })).toMatchObject(refused);
  });

  it.each([
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
    { referer: 'http://127.0.0.1:4000/wall' },
    { origin: 'http://127.0.0.1:4000' },
  ])('is allowed to a browser that tells by %j', (headers) => {
    expect(read({ ...browser, ...headers })).toEqual({ kind: 'own' });
  });

  it('is allowed to a listed page', () => {
    const origin = 'https://desk.example.com';
    expect(read({ ...browser, origin })).toEqual({ kind: 'listed', origin });
    expect(read({ ...browser, referer: `${origin}/` })).toEqual({ kind: 'listed', origin });
  });

  it('is allowed to a client that is no browser', () => {
    expect(read({ 'user-agent': 'curl/8.5.0', accept: '*/*' })).toEqual({ kind: 'own' });
    expect(read({})).toEqual({ kind: 'own' });
  });

  it('is refused to a page that navigates here', () => {
    const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const headers = { ...browser, ...navigation, accept: 'text/html,*/*;q=0.8' };
    expect(read({ ...headers, 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
    expect(read({ ...headers, 'sec-fetch-site': 'none' })).toEqual({ kind: 'own' });
  });
});
