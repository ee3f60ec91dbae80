import {
  answered,
  CLOSE,
  GET_QUERY,
  get,
  HOST,
  JSON_BODY,
  post,
  type Requirement,
  refused,
  request,
  UPGRADE,
} from './requirement.ts';

export const versions: Requirement[] = [
  answered('9112 2.3', 'HTTP/1.0 without Host', request(`GET ${GET_QUERY} HTTP/1.0`)),
  answered('9112 2.3', 'HTTP/1.0 with Host', request(`GET ${GET_QUERY} HTTP/1.0`, HOST)),
  answered(
    '9110 10.1.1',
    'an expectation in HTTP/1.0',
    request(`GET ${GET_QUERY} HTTP/1.0`, 'Expect: magic'),
  ),
  answered(
    '9110 7.8',
    'an upgrade in HTTP/1.0',
    request(`GET ${GET_QUERY} HTTP/1.0`, 'Connection: Upgrade', 'Upgrade: websocket', ...UPGRADE),
  ),
  refused(
    '9110 15.6.6',
    'HTTP/2.0',
    request('GET / HTTP/2.0', HOST),
    505,
    'HTTP_VERSION_NOT_SUPPORTED',
  ),
  refused(
    '9110 15.6.6',
    'HTTP/0.9',
    request('GET / HTTP/0.9', HOST),
    505,
    'HTTP_VERSION_NOT_SUPPORTED',
  ),
  refused(
    '9110 15.6.6',
    'HTTP/3.0',
    request('GET / HTTP/3.0', HOST),
    505,
    'HTTP_VERSION_NOT_SUPPORTED',
  ),
  refused(
    '9113 3.4',
    'HTTP/2 right away',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    505,
    'HTTP_VERSION_NOT_SUPPORTED',
  ),
];

export const fields: Requirement[] = [
  answered(
    '9110 5.6.3',
    'white space around a value',
    get(GET_QUERY, 'Accept: \t application/json \t '),
  ),
  answered('9110 5.1', 'names in any case', post(JSON_BODY, 'cOnTeNt-TyPe:application/json')),
  refused(
    '9112 5.1',
    'white space behind a name',
    get(GET_QUERY, 'Accept : */*'),
    400,
    'BAD_REQUEST',
  ),
  refused('9112 5.2', 'a folded line', get(GET_QUERY, 'X-Folded: a', ' b'), 400, 'BAD_REQUEST'),
  answered(
    '9110 5.3',
    'a list on several lines',
    get(GET_QUERY, 'Accept: text/html;q=0', 'Accept: application/json'),
  ),
  answered('9110 10.1.4', 'TE', get(GET_QUERY, 'TE: trailers, deflate;q=0.5')),
  answered('9110 7.6.3', 'Via', get(GET_QUERY, 'Via: 1.1 proxy', 'Max-Forwards: 0')),
  answered('9110 14.2', 'Range', get(GET_QUERY, 'Range: bytes=0-3', 'If-Range: "x"')),
  answered('9110 12.5.2', 'Accept-Charset', get(GET_QUERY, 'Accept-Charset: iso-8859-1')),
  answered('9110 12.5.3', 'Accept-Encoding', get(GET_QUERY, 'Accept-Encoding: br;q=1.0, *;q=0')),
  answered(
    '9110 13.1',
    'conditions where there is no tag',
    get(GET_QUERY, 'If-None-Match: "x"', 'If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT'),
  ),
  answered(
    '9110 9.3.1',
    'a body of a GET',
    request(`GET ${GET_QUERY} HTTP/1.1`, HOST, CLOSE, 'Content-Length: 5').concat('{"a":'),
  ),
];

export const expectations: Requirement[] = [
  answered('9110 10.1.1', '100-continue in any case', post(JSON_BODY, 'Expect: 100-Continue')),
  answered('9110 5.6.1', 'an Expect without an element', post(JSON_BODY, 'Expect: ,')),
  refused(
    '9110 10.1.1',
    'an unknown expectation',
    post(JSON_BODY, 'Expect: magic'),
    417,
    'EXPECTATION_FAILED',
  ),
];

export const methods: Requirement[] = [
  refused(
    '9110 9.1',
    'a method that nobody knows',
    request('BREW /graphql HTTP/1.1', HOST, CLOSE),
    501,
    'NOT_IMPLEMENTED',
  ),
  refused(
    '9110 9.1',
    'a method in lower case',
    request('get /graphql HTTP/1.1', HOST, CLOSE),
    501,
    'NOT_IMPLEMENTED',
  ),
  ...['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'].map((method) =>
    refused(
      '9110 15.5.6',
      method,
      request(`${method} /graphql HTTP/1.1`, HOST, CLOSE),
      405,
      'METHOD_NOT_ALLOWED',
      {
        allow: 'GET, HEAD, POST, OPTIONS',
      },
    ),
  ),
  ...['/healthz', '/readyz', '/metrics', '/images/x'].flatMap((path): Requirement[] => [
    refused(
      '9110 15.5.6',
      `POST ${path}`,
      request(`POST ${path} HTTP/1.1`, HOST, CLOSE, 'Content-Length: 0'),
      405,
      'METHOD_NOT_ALLOWED',
      {
        allow: 'GET, HEAD, OPTIONS',
      },
    ),
    {
      section: '9110 9.3.7',
      fact: `OPTIONS ${path}`,
      sends: request(`OPTIONS ${path} HTTP/1.1`, HOST, CLOSE),
      status: 204,
      body: '',
      headers: { allow: 'GET, HEAD, OPTIONS' },
    },
  ]),
  {
    section: '9110 9.3.7',
    fact: 'OPTIONS /graphql',
    sends: request('OPTIONS /graphql HTTP/1.1', HOST, CLOSE),
    status: 204,
    body: '',
    headers: { allow: 'GET, HEAD, POST, OPTIONS' },
  },
];
