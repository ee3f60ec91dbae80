import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '@se5/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Gateway } from '../../src/gateway.ts';
import { readEvents } from '../support/event-source.ts';
import { post, startGateway } from '../support/gateways.ts';
import { TestIssuer } from '../support/issuer.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { isListenedTo } from '../support/rig.ts';
import { until } from '../support/until.ts';

const DESK = 'desk-desk-desk-desk';
const SCREEN = 'screen-screen-screen';
const OLD = 'old-old-old-old-old-old';
const NAME = 'Somebody With A Name';
const GROUP = 'Some Group';
const EVERYTHING =
  'id identityId identityName groupName identityInfo faceImage { base64 url } sceneImage { base64 }';

const lineSchema = z.looseObject({
  kind: z.string(),
  time: z.iso.datetime(),
  connection: z.string().optional(),
});
type Line = z.infer<typeof lineSchema>;

let parts: AsyncDisposableStack;
let folder: string;
let documents: string;
beforeEach(async () => {
  parts = new AsyncDisposableStack();
  const made = await mkdtempDisposable(join(tmpdir(), 'se5-audit-'));
  parts.defer(() => made.remove());
  folder = join(made.path, 'audit');
  documents = join(made.path, 'documents.json');
  writeFileSync(documents, '{}');
});
afterEach(() => parts.disposeAsync());

const accessOf = () => ({
  audit: folder,
  documents,
  tokens: [
    { name: 'desk', role: 'desk', token: DESK },
    { name: 'screen', role: 'screen', token: SCREEN },
  ],
  roles: {
    desk: { fields: ['identity', 'face', 'scene', 'registered'] },
    screen: { operations: 'trusted' },
  },
});

const textOfAll = () =>
  readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('');

const linesIn = (text: string): Line[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => lineSchema.parse(JSON.parse(line)));

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

const socketTo = async ({ url }: Pick<Gateway, 'url'>, token: string) => {
  const socket = await RawSocket.open(`${url.replace('http', 'ws')}/graphql`);
  return { socket, answer: await socket.initialise({ token }).catch(() => undefined) };
};

/** Numbers of connections that were opened and closed, by their names. */
const openAndClosed = (lines: readonly Line[]) => {
  const count = (kind: string) =>
    Map.groupBy(
      lines.filter((line) => line.kind === kind),
      ({ connection }) => connection,
    );
  const [opened, closed] = [count('connectionOpened'), count('connectionClosed')];
  return { opened, closed };
};

describe('the audit of a gateway', () => {
  it('says who looked at what, and holds no name, no picture and no token', async () => {
    await using simulator = await startSimulator();
    const gateway = await startGateway({
      simulators: [simulator],
      config: { access: accessOf(), images: { path: 'memory' } },
    });
    const { socket } = await socketTo(gateway, DESK);
    socket.subscribe(
      '1',
      `subscription ($g: [String!]) { recognitionEvents(withImages: true, filter: { groupNames: $g }) { ${EVERYTHING} } }`,
      { g: [GROUP] },
    );
    await socket.untilHeard();
    const stream = readEvents(
      await post(gateway.url, 'subscription { recognitionEvents(deviceIds: []) { id } }', {
        ...bearer(DESK),
        Accept: 'text/event-stream',
      }),
    );
    // Its first sign of life.
    await stream.next();
    await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
    const sent = simulator.emit({ personType: 1, identityName: NAME, groupName: GROUP });
    const { payload } = await socket.next(({ type }) => type === 'next');
    const { recognitionEvents: event } = z
      .object({
        data: z.object({
          recognitionEvents: z.looseObject({ faceImage: z.looseObject({ url: z.string() }) }),
        }),
      })
      .parse(payload).data;
    // Or else the audit would hold nothing because nothing came.
    expect(event).toMatchObject({ identityName: NAME, faceImage: { base64: sent.pictures.face } });
    // The address is enough; a credential only tells the audit who asks.
    const credentials = [{}, bearer(SCREEN), { Cookie: `se5_session=${DESK}` }, bearer('wrong')];
    for (const headers of credentials) {
      const picture = await fetch(gateway.url + event.faceImage.url, { headers });
      expect(picture.status).toBe(200);
      await picture.arrayBuffer();
    }
    const history = await post(
      gateway.url,
      `{ recognitionEvents(filter: { identityIds: ["${sent.identityId}"], groupNames: ["${GROUP}"] }) { edges { node { id } } } }`,
      bearer(DESK),
    );
    expect(await history.text()).toContain('"node"');
    const people = await post(
      gateway.url,
      `{ people(name: "${NAME}", filter: { identityIds: ["${sent.identityId}"] }) { edges { node { identityName } } } }`,
      bearer(DESK),
    );
    expect(await people.text()).toContain(NAME);
    const inlined = await post(
      gateway.url,
      '{ recognitionEvents { edges { node { faceImage { base64 } sceneImage { base64 } } } } }',
      bearer(DESK),
    );
    expect(await inlined.text()).toContain(sent.pictures.face);
    await post(gateway.url, `{ "${NAME}" }`, bearer(SCREEN));
    await post(gateway.url, '{ cursor }', bearer(`${DESK}x`));
    await fetch(`${gateway.url}/metrics`, { headers: bearer(SCREEN) });
    const wrong = await socketTo(gateway, `${SCREEN}x`);
    expect(wrong.answer).toBeUndefined();
    socket.complete('1');
    await socket.untilHeard();
    await socket[Symbol.asyncDispose]();
    await stream.return();
    await gateway[Symbol.asyncDispose]();

    const text = textOfAll();
    const lines = linesIn(text);
    expect(lines).toEqual(
      expect.arrayContaining(
        [
          {
            kind: 'connectionOpened',
            transport: 'websocket',
            viewer: { name: 'desk', roles: ['desk'] },
          },
          {
            kind: 'subscriptionBegun',
            transport: 'websocket',
            filter: { groupNames: 1 },
            withImages: true,
          },
          { kind: 'subscriptionEnded', transport: 'websocket', events: 1, pictures: 2 },
          { kind: 'picturesQueried', transport: 'http', pictures: 2, viewer: { name: 'desk' } },
          { kind: 'connectionOpened', transport: 'http' },
          { kind: 'subscriptionBegun', transport: 'http', deviceIds: [] },
          { kind: 'subscriptionEnded', transport: 'http', events: 0 },
          { kind: 'pictureSeen' },
          { kind: 'historyQueried', filter: { identityIds: 1, groupNames: 1 }, events: 1 },
          { kind: 'historyQueried', filter: { identityIds: 1 }, events: 1 },
          { kind: 'permissionRefused', code: 'OPERATION_NOT_TRUSTED', viewer: { name: 'screen' } },
          { kind: 'permissionRefused', code: 'FORBIDDEN', viewer: { name: 'screen' } },
          { kind: 'connectionRefused', transport: 'http', code: 'UNAUTHENTICATED' },
          { kind: 'connectionRefused', transport: 'websocket', code: 'UNAUTHENTICATED' },
        ].map((line) => expect.objectContaining(partly(line))),
      ),
    );
    const seen = lines.filter(({ kind }) => kind === 'pictureSeen');
    expect(seen.map(({ viewer }) => viewer)).toEqual([
      undefined,
      { name: 'screen', roles: ['screen'] },
      { name: 'desk', roles: ['desk'] },
      undefined,
    ]);
    const { opened, closed } = openAndClosed(lines);
    expect(opened.size).toBe(2);
    expect(new Set(closed.keys())).toEqual(new Set(opened.keys()));

    const enrolled = Object.values(sent.identityInfo).filter((value) => typeof value === 'string');
    const secrets = [
      NAME,
      GROUP,
      DESK,
      SCREEN,
      sent.identityId,
      event.faceImage.url.split('/').at(-1) ?? '',
      ...enrolled,
      ...Object.values(sent.pictures),
    ];
    for (const secret of secrets) {
      expect(secret).not.toBe('');
      expect(text.includes(secret)).toBe(false);
    }
  });

  it('names the holder of a refused credential only when the credential was verified', async () => {
    await using issuer = await TestIssuer.start();
    await using stranger = await TestIssuer.start();
    stranger.isDown = true;
    const deny = join(folder, '..', 'denied.txt');
    writeFileSync(deny, 'screen\nlost-token\n');
    const expired = { name: 'old', role: 'desk', token: OLD, expires: '2020-01-31' };
    const { tokens, ...access } = accessOf();
    const jwt = [issuer, stranger].map(({ url }) => ({
      issuer: url,
      audience: 'se5',
      jwks: `${url}/jwks`,
      roles: 'roles',
    }));
    const gateway = await startGateway({
      config: { access: { ...access, deny, jwt, tokens: [...tokens, expired] } },
    });
    const soon = Math.floor(Date.now() / 1_000) + 3_600;
    const forged = await stranger.token(
      { iss: issuer.url, sub: 'forged' },
      { ...stranger.key, kid: issuer.key.kid },
    );
    const refused = [
      OLD,
      SCREEN,
      // These expired long ago.
      await issuer.token({ sub: 'guard-1', jti: 'token-1' }),
      forged,
      await issuer.token({ sub: 'guard-2', jti: 'lost-token', exp: soon }),
      await stranger.token({ sub: 'guard-3', exp: soon }),
    ];
    for (const token of refused) {
      const answer = await post(gateway.url, '{ cursor }', bearer(token));
      expect(answer.status).toBeGreaterThanOrEqual(400);
      await answer.text();
    }
    await gateway[Symbol.asyncDispose]();

    const lines = linesIn(textOfAll()).filter(({ kind }) => kind === 'connectionRefused');
    const iss = issuer.url;
    expect(lines.map(({ code, viewer }) => ({ code, viewer }))).toEqual([
      { code: 'UNAUTHENTICATED', viewer: { name: 'old', roles: ['desk'] } },
      { code: 'UNAUTHENTICATED', viewer: { name: 'screen', roles: ['screen'] } },
      {
        code: 'UNAUTHENTICATED',
        viewer: { name: 'guard-1', sub: 'guard-1', jti: 'token-1', iss, roles: ['guard'] },
      },
      { code: 'UNAUTHENTICATED' },
      {
        code: 'UNAUTHENTICATED',
        viewer: { name: 'guard-2', sub: 'guard-2', jti: 'lost-token', iss, roles: ['guard'] },
      },
      { code: 'ISSUER_UNAVAILABLE' },
    ]);
  });

  it('says who was refused the schema', async () => {
    const gateway = await startGateway({ config: { access: accessOf() } });
    const answer = await fetch(`${gateway.url}/schema.graphql`, { headers: bearer(SCREEN) });
    expect(answer.status).toBe(403);
    await answer.text();
    await gateway[Symbol.asyncDispose]();
    expect(linesIn(textOfAll())).toMatchObject([
      { kind: 'permissionRefused', code: 'OPERATION_NOT_TRUSTED', viewer: { name: 'screen' } },
    ]);
  });

  it('has one end of each connection and of each subscription, however they end', async () => {
    const gateway = await startGateway({ config: { access: accessOf() } });
    const subscription = 'subscription { boxStatus { id } }';
    const sockets = await Promise.all(
      Array.from({ length: 12 }, async (_, at) => {
        const { socket } = await socketTo(gateway, DESK);
        for (let id = 0; id <= at % 3; id += 1) socket.subscribe(String(id), subscription);
        await socket.untilHeard();
        if (at % 2 === 0) socket.complete('0');
        return socket;
      }),
    );
    const streams = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const stop = new AbortController();
        await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(subscription)}`, {
          headers: { ...bearer(DESK), Accept: 'text/event-stream' },
          signal: stop.signal,
        });
        return stop;
      }),
    );
    // Some go by themselves, some in the middle of something; the rest are closed by the gateway.
    for (const [at, socket] of sockets.entries()) {
      if (at < 4) socket.socket.close();
      else if (at < 8) socket.socket.terminate();
    }
    for (const stream of streams.slice(0, 3)) stream.abort();
    await gateway[Symbol.asyncDispose]();

    const lines = linesIn(textOfAll());
    const { opened, closed } = openAndClosed(lines);
    expect(opened.size).toBe(18);
    expect(new Set(closed.keys())).toEqual(new Set(opened.keys()));
    for (const each of [...opened.values(), ...closed.values()]) expect(each).toHaveLength(1);
    const subscriptions = (kind: string) =>
      lines.filter((line) => line.kind === kind).map((line) => line['subscription']);
    const begun = subscriptions('subscriptionBegun');
    expect(begun).toHaveLength(12 * 2 + 6);
    expect(new Set(begun).size).toBe(begun.length);
    expect(subscriptions('subscriptionEnded').toSorted(byNumber)).toEqual(begun.toSorted(byNumber));
  });

  it('holds up no event while it can’t be written, and is written once it can', async () => {
    await using simulator = await startSimulator();
    writeFileSync(folder, 'in the way');
    const { logger, lines } = recordedLog();
    const gateway = await startGateway({
      simulators: [simulator],
      config: { access: accessOf() },
      logger,
    });
    const { socket } = await socketTo(gateway, DESK);
    await simulator.until(isListenedTo);
    socket.subscribe('1', 'subscription { recognitionEvents { id } }');
    await socket.untilHeard();
    simulator.emit();
    expect(await socket.next(({ type }) => type === 'next')).toMatchObject({ id: '1' });
    const logged = (text: string) => lines.some(({ message }) => message.includes(text));
    await until(() => logged('lines wait, events go on'));
    rmSync(folder);
    await until(() => logged('the audit is written again'));
    await socket[Symbol.asyncDispose]();
    await gateway[Symbol.asyncDispose]();
    expect(linesIn(textOfAll()).map(({ kind }) => kind)).toEqual([
      'connectionOpened',
      'subscriptionBegun',
      'subscriptionEnded',
      'connectionClosed',
    ]);
  });
});

const byNumber = (one: unknown, other: unknown): number => Number(one) - Number(other);

/** The same with whatever else its objects hold. */
const partly = (line: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(line).map(([key, value]) => [
      key,
      typeof value === 'object' && !Array.isArray(value) ? expect.objectContaining(value) : value,
    ]),
  );
