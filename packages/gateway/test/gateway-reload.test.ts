import { once } from 'node:events';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { parseConfig } from '../src/config/load.ts';
import { createGateway } from '../src/gateway.ts';
import { configText } from './support/gateways.ts';
import { RawSocket } from './support/raw-socket.ts';

const WALL = 'subscription Wall { recognitionEvents { id } }';
const SITES = 'query Sites { sites { id } }';

it('a document that is trusted no longer is not streamed on to those who may run no other', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-reload-'));
  const documents = join(folder.path, 'documents.json');
  const tokens = ['screen', 'desk'].map((name) => ({
    name,
    role: name,
    token: `the-token-of-${name}`,
  }));
  const roles = { screen: { operations: 'trusted' }, desk: {} };
  const config = () => parseConfig(configText([], { access: { tokens, roles, documents } }));
  await writeFile(documents, JSON.stringify({ wall: WALL, sites: SITES }));
  await using gateway = await createGateway(config());
  const connect = async (name: string) => {
    const socket = await RawSocket.open(`${gateway.url.replace('http', 'ws')}/graphql`);
    await socket.initialise({ token: `the-token-of-${name}` });
    socket.subscribe('1', WALL);
    await socket.untilHeard();
    return socket;
  };
  await using screen = await connect('screen');
  await using desk = await connect('desk');

  await gateway.reload(config());
  await screen.untilHeard();
  await writeFile(documents, JSON.stringify({ sites: SITES }));
  await gateway.reload(config());
  expect(await screen.closeCode).toBe(1012);
  await desk.untilHeard();

  await using back = await RawSocket.open(`${gateway.url.replace('http', 'ws')}/graphql`);
  await back.initialise({ token: 'the-token-of-screen' });
  back.subscribe('1', WALL);
  expect(JSON.stringify(await back.next())).toContain('OPERATION_NOT_TRUSTED');
});

it('a query whose body ends after its role has changed is answered with RIGHTS_CHANGED', async () => {
  const tokens = [{ name: 'desk', role: 'desk', token: 'the-token-of-desk' }];
  const config = (role: object) =>
    parseConfig(configText([], { access: { tokens, roles: { desk: role } } }));
  await using gateway = await createGateway(config({}));
  const body = JSON.stringify({ query: SITES });
  const sending = request(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      Authorization: 'Bearer the-token-of-desk',
      'Content-Type': 'application/json',
      'Content-Length': body.length,
      Expect: '100-continue',
    },
  });
  sending.flushHeaders();
  // It has been admitted, and its body is awaited.
  await once(sending, 'continue');
  await gateway.reload(config({ fields: ['face'] }));
  sending.end(body);
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(401);
  expect(await text(response)).toContain('"code":"RIGHTS_CHANGED"');
});
