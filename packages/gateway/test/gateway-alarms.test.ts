import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Simulator, startSimulator } from '@se5/simulator';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../src/config/load.ts';
import { nextEvent, readEvents } from './support/event-source.ts';
import { configText, post, startGateway } from './support/gateways.ts';
import { journalFile } from './support/journals.ts';
import { RawSocket } from './support/raw-socket.ts';
import { isListenedTo } from './support/rig.ts';

const FIELDS = 'id rule state acknowledgedBy identityName';

const alarmSchema = z.object({
  id: z.string(),
  rule: z.string(),
  state: z.string(),
  acknowledgedBy: z.string().nullable(),
  identityName: z.string().nullable(),
});
const toldSchema = z.object({ data: z.object({ alarms: alarmSchema }) });

const VIP = 5;
const RULE = { id: 'vip', title: 'A VIP', personTypes: ['VIP'], cooldown: 'none' };
const tokens = ['desk', 'guard', 'lobby'].map((name) => ({
  ...{ name, role: name, token: `the-token-of-the-${name}` },
}));
const roles = { desk: { answer: true, fields: ['identity'] }, guard: { answer: true }, lobby: {} };
const bearer = (name: string) => ({ Authorization: `Bearer the-token-of-the-${name}` });

const emit = (simulator: Simulator, identityName: string) =>
  simulator.emit({ personType: VIP, identityId: identityName, identityName });

async function follow(url: string, name: string, after?: string) {
  const socket = await RawSocket.open(`${url.replace('http', 'ws')}/graphql`);
  await socket.initialise({ token: `the-token-of-the-${name}` });
  socket.subscribe('1', `subscription ($after: String) { alarms(after: $after) { ${FIELDS} } }`, {
    after,
  });
  await socket.untilHeard();
  return {
    next: async () =>
      toldSchema.parse((await socket.next(({ type }) => type === 'next')).payload).data.alarms,
    [Symbol.asyncDispose]: () => socket[Symbol.asyncDispose](),
  };
}

const acknowledge = (id: string) =>
  `mutation { acknowledgeAlarm(id: "${id}", key: "${id}") { state } }`;

const codeOf = async (response: Response) => {
  const { errors } = z
    .object({ errors: z.array(z.object({ extensions: z.object({ code: z.string() }) })) })
    .parse(await response.json());
  return errors[0]?.extensions.code;
};

it('what one client does about an alarm, the others see, and the audit says who did', async () => {
  await using file = await journalFile();
  await using simulator = await startSimulator();
  const audit = join(dirname(file.path), 'audit');
  const config = {
    journal: { path: file.path },
    watch: [RULE],
    access: { tokens, roles, audit },
  };
  const start = () => startGateway({ simulators: [simulator], config });
  let id = '';
  let cursor = '';
  {
    await using gateway = await start();
    await using desk = await follow(gateway.url, 'desk');
    await using guard = await follow(gateway.url, 'guard');
    const query = `subscription { alarms { ${FIELDS} } }`;
    const accept = { Accept: 'text/event-stream' };
    const stream = readEvents(await post(gateway.url, query, { ...bearer('lobby'), ...accept }));
    await simulator.until(isListenedTo);
    emit(simulator, 'field');
    const opened = await desk.next();
    expect(opened).toMatchObject({ rule: 'vip', state: 'OPEN', identityName: 'field' });
    ({ id } = opened);
    expect(await guard.next()).toEqual({ ...opened, identityName: null });
    const read = async () => toldSchema.parse(JSON.parse((await nextEvent(stream)).data));
    expect((await read()).data.alarms).toEqual({ ...opened, identityName: null });
    const asked = await (await post(gateway.url, '{ cursor }', bearer('desk'))).json();
    ({ cursor } = z.object({ data: z.object({ cursor: z.string() }) }).parse(asked).data);

    const refused = await post(gateway.url, acknowledge(id), bearer('lobby'));
    expect(await codeOf(refused)).toBe('NOT_ALLOWED');
    const byGet = `${gateway.url}/graphql?query=${encodeURIComponent(acknowledge(id))}`;
    const answer = await fetch(byGet, { headers: bearer('desk') });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    expect(await codeOf(answer)).toBe('METHOD_NOT_ALLOWED');
    const foreign = { ...bearer('desk'), Origin: 'https://elsewhere.example.com' };
    expect((await post(gateway.url, acknowledge(id), foreign)).status).toBe(403);

    await post(gateway.url, acknowledge(id), bearer('guard'));
    // As a client that got no answer.
    await post(gateway.url, acknowledge(id), bearer('guard'));
    const acknowledged = { ...opened, state: 'ACKNOWLEDGED', acknowledgedBy: 'guard' };
    expect(await desk.next()).toEqual(acknowledged);
    expect((await read()).data.alarms).toEqual({ ...acknowledged, identityName: null });
    const late = await post(gateway.url, acknowledge(id), bearer('desk'));
    expect(await codeOf(late)).toBe('ALARM_ACKNOWLEDGED');
    await stream.return();
  }
  const lines = await Promise.all(
    (await readdir(audit)).map((name) => readFile(join(audit, name), 'utf8')),
  );
  const answered = lines
    .join('')
    .split('\n')
    .filter((line) => line.includes('alarmAnswered') || line.includes('NOT_ALLOWED'))
    .map((line): unknown => JSON.parse(line));
  expect(answered).toMatchObject([
    { kind: 'permissionRefused', code: 'NOT_ALLOWED', viewer: { name: 'lobby' } },
    { kind: 'alarmAnswered', alarm: id, action: 'ACKNOWLEDGE', viewer: { name: 'guard' } },
    { kind: 'alarmAnswered', alarm: id, action: 'ACKNOWLEDGE', repeated: true },
  ]);

  await using restarted = await start();
  await using desk = await follow(restarted.url, 'desk', cursor);
  expect(await desk.next()).toMatchObject({ id, state: 'ACKNOWLEDGED', identityName: 'field' });
});

it('rules that are read again count for events from then on', async () => {
  await using simulator = await startSimulator();
  const config = (watch: readonly object[]) =>
    parseConfig(configText([simulator], { access: { tokens, roles }, watch }));
  await using gateway = await startGateway({
    simulators: [simulator],
    config: { access: { tokens, roles } },
  });
  await using desk = await follow(gateway.url, 'desk');
  await simulator.until(isListenedTo);
  const events = readEvents(
    await post(gateway.url, 'subscription { recognitionEvents { identityName } }', {
      ...bearer('desk'),
      Accept: 'text/event-stream',
    }),
  );
  emit(simulator, 'before');
  expect((await nextEvent(events)).data).toContain('before');
  await events.return();
  expect(await gateway.reload(config([RULE]))).toEqual([]);
  emit(simulator, 'first');
  expect(await desk.next()).toMatchObject({ rule: 'vip', identityName: 'first' });
  await gateway.reload(config([{ ...RULE, id: 'other', title: 'Another rule' }]));
  emit(simulator, 'second');
  expect(await desk.next()).toMatchObject({ rule: 'other', identityName: 'second' });
});
