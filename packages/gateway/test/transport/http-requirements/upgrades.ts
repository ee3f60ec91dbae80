import {
  answered,
  GET_QUERY,
  HOST,
  JSON_BODY,
  type Requirement,
  refused,
  request,
  UPGRADE,
} from './requirement.ts';

export const upgrades: Requirement[] = (
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

export const handshakes: Requirement[] = [
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
