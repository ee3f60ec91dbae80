import { once } from 'node:events';
import { startSimulator } from '@se5/simulator';
import { createClient } from 'graphql-ws';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Command } from '../support/command.ts';
import { configFile } from '../support/config-file.ts';
import { configText, post } from '../support/gateways.ts';

const TOKEN = 'c0ffeec0ffeec0ffeec0ffee';
const NAME = 'Somebody With A Name';
const GROUP = 'Some Group';
const EVERYTHING = `
  id identityId identityName groupName identityInfo extra
  faceImage { base64 url } sceneImage { base64 } registeredImage { base64 }
`;

it('the whole log, at its most talkative, holds no name, no picture and no token', async () => {
  await using simulator = await startSimulator();
  await using config = await configFile(configText([simulator], { access: { token: TOKEN } }));
  await using command = new Command(['--config', config.path], { LOG_LEVEL: 'trace' });
  const url = await command.url();
  const bearer = { Authorization: `Bearer ${TOKEN}` };

  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { token: TOKEN },
  });
  const events = client.iterate({
    query: `subscription { recognitionEvents(withImages: true) { ${EVERYTHING} } }`,
  });
  const first = events.next();
  await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
  const sent = simulator.emit({ personType: 1, identityName: NAME, groupName: GROUP });
  const { value: received } = await first;
  // Or else the log would hold nothing because nothing came.
  expect(received).toMatchObject({
    data: { recognitionEvents: { identityName: NAME, faceImage: { base64: sent.pictures.face } } },
  });

  // What can go wrong, with a name in each.
  simulator.emitRaw(`{"identity_name":"${NAME}","group_name":"${GROUP}"}`);
  simulator.emitRaw(`{"identity_name":"${NAME}`);
  simulator.emitRaw(`"${NAME}"`);
  simulator.faults.deviceList('envelope');
  await post(
    url,
    `{ recognitionEvents(filter: { groupNames: ["${GROUP}"] }) { totalCount } }`,
    bearer,
  );
  await post(url, `{ device(id: "${NAME}") { id } }`, bearer);
  await post(url, `{ "${NAME}" }`, bearer);
  await post(url, '{ cursor }', { Authorization: `Bearer ${TOKEN}x` });
  await post(url, `{ recognitionEvents(after: "${NAME}") { totalCount } }`, bearer);
  await fetch(`${url}/${NAME}?token=${TOKEN}`);
  const wrong = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(wrong, 'open');
  wrong.send(JSON.stringify({ type: 'connection_init', payload: { token: `${TOKEN}x` } }));
  await once(wrong, 'close');
  simulator.faults.drop();
  await command.logged(({ msg }) => msg.endsWith('trying until it answers'));

  await client.dispose();
  command.kill('SIGTERM');
  expect(await command.exitCode()).toBe(0);

  expect(command.log.map(({ msg }) => msg)).toContain('box box-1 is connected');
  expect(command.log.some(({ msg }) => msg.includes('skipped'))).toBe(true);
  const written = command.stdout + command.stderr;
  const enrolled = Object.values(sent.identityInfo).filter((value) => typeof value === 'string');
  const secrets = [
    NAME,
    GROUP,
    TOKEN,
    sent.identityId,
    ...enrolled,
    ...Object.values(sent.pictures),
  ];
  for (const secret of secrets) {
    // A part is as bad as the whole.
    expect(written).not.toContain(secret.slice(0, 20));
  }
  expect(written).not.toMatch(/[A-Za-z0-9+/]{200}/);
});
