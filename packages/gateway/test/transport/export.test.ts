import { startSimulator } from '@se5/simulator';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway.ts';
import { post, startGateway } from '../support/gateways.ts';
import { rawRequest } from '../support/http.ts';
import { found } from '../support/until.ts';

const EVENTS = 450;
const TOKEN = 'f00dfeedf00dfeedf00dfeed';
const GUARD = 'beadbeadbeadbeadbeadbead';

const stack = new AsyncDisposableStack();
let gateway: Gateway;

const bearer = (token = TOKEN) => ({ Authorization: `Bearer ${token}` });

const ask = async (query: string) => (await (await post(gateway.url, query, bearer())).json()).data;

const exported = (path: string, token?: string) =>
  rawRequest(`${gateway.url}/export/events.${path}`, bearer(token));

const linesOf = (body: string) =>
  body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  const simulator = stack.use(await startSimulator({ seed: 1 }));
  gateway = stack.use(
    await startGateway({
      simulators: [simulator],
      config: {
        access: {
          token: TOKEN,
          tokens: [{ name: 'desk', role: 'guard', token: GUARD }],
          roles: { guard: { fields: ['identity'] } },
        },
      },
    }),
  );
  await simulator.until(({ configurations }) => configurations.length > 0);
  for (let event = 1; event < EVENTS; event += 1) simulator.emit({ identityId: `id-${event}` });
  simulator.emit({ identityName: '=HYPERLINK("https://example.net")', groupName: 'a;"b",\r\nc' });
  await found(async () => {
    const { recognitionEvents } = await ask('{ recognitionEvents { totalCount } }');
    return recognitionEvents.totalCount === EVENTS || undefined;
  });
});

afterAll(() => stack.disposeAsync());

it('sends what GraphQL has, in its order, over several pages', async () => {
  const { status, headers, body } = await exported('ndjson');
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'application/x-ndjson; charset=utf-8',
    'content-disposition': 'attachment; filename="events.ndjson"',
    'cache-control': 'no-store',
  });
  const { recognitionEvents } = await ask(
    '{ recognitionEvents(first: 500) { edges { node { id cursor device { id deviceId name } identityInfo } } } }',
  );
  const lines = linesOf(body);
  expect(lines).toHaveLength(EVENTS);
  expect(lines).toMatchObject(recognitionEvents.edges.map(({ node }: { node: unknown }) => node));
});

it('goes on after the last line that came', async () => {
  const [, second] = linesOf((await exported('ndjson?first=2')).body);
  const rest = await exported(`ndjson?after=${encodeURIComponent(second.cursor)}`);
  expect(linesOf(rest.body)).toHaveLength(EVENTS - 2);
});

it('takes the filter of GraphQL', async () => {
  const filter = encodeURIComponent('{"identityIds":["id-7"]}');
  const lines = linesOf((await exported(`ndjson?filter=${filter}`)).body);
  expect(lines).toMatchObject([{ identityId: 'id-7' }]);
});

it('writes CSV that keeps every text, and is no formula', async () => {
  const { headers, body } = await exported('csv');
  expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
  const rows: Record<string, string>[] = parse(body, { columns: true });
  expect(rows).toHaveLength(EVENTS);
  const ids = linesOf((await exported('ndjson')).body).map(({ id }) => id);
  expect(rows.map(({ id }) => id)).toEqual(ids);
  expect(rows.at(-1)).toMatchObject({
    identityName: `'=HYPERLINK("https://example.net")`,
    groupName: 'a;"b",\r\nc',
    siteId: 'site',
  });
});

it.each([
  ['ndjson?filter=nonsense', 400, 'BAD_USER_INPUT', 'filter must be a JSON object'],
  ['ndjson?filter=%7B%22colour%22%3A1%7D', 400, 'BAD_USER_INPUT', 'colour'],
  ['ndjson?after=nonsense', 400, 'INVALID_CURSOR', 'cursor'],
  ['ndjson?first=0', 400, 'BAD_USER_INPUT', 'first must be a whole number'],
  ['ndjson?page=2', 400, 'BAD_USER_INPUT', 'There is no parameter \\"page\\"'],
  ['csv?first=1&first=2', 400, 'BAD_USER_INPUT', 'given twice'],
  ['xlsx', 404, 'NOT_FOUND', '/export/events.csv'],
])('says what is wrong: %s', async (path, status, code, words) => {
  const answer = await exported(path);
  expect(answer.status).toBe(status);
  expect(answer.body).toContain(`"code":"${code}"`);
  expect(answer.body).toContain(words);
});

it('is for who may export', async () => {
  const refused = await exported('ndjson', GUARD);
  expect(refused).toMatchObject({ status: 403 });
  expect(refused.body).toContain('export: true');
  expect((await rawRequest(`${gateway.url}/export/events.csv`)).status).toBe(401);
  const foreign = { ...bearer(), Referer: 'https://stranger.example.net/' };
  expect((await rawRequest(`${gateway.url}/export/events.csv`, foreign)).status).toBe(403);
  const post = await rawRequest(`${gateway.url}/export/events.csv`, bearer(), { method: 'POST' });
  expect(post.status).toBe(405);
});

it('sends the head alone to HEAD', async () => {
  const url = `${gateway.url}/export/events.csv`;
  const { status, headers, body } = await rawRequest(url, bearer(), { method: 'HEAD' });
  expect({ status, body }).toEqual({ status: 200, body: '' });
  expect(headers['content-type']).toMatch(/^text\/csv/);
});
