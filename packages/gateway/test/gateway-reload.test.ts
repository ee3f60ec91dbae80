import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
