import { randomBytes } from 'node:crypto';
import { systemClock } from '@se5/core';
import { type Simulator, startSimulator } from '@se5/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { nextEvent, readEvents } from '../support/event-source.ts';
import { RawSocket } from '../support/raw-socket.ts';
import { AT_ONCE, isListenedTo } from '../support/rig.ts';
import { until } from '../support/until.ts';
import {
  ALARM,
  ALARMS,
  COUNTS,
  FOLLOW,
  live,
  peopleQuery,
  QUERY,
  type Seen,
  type SeenAlarm,
  type SeenPerson,
  VIEWER,
} from './documents.ts';
import { forbidden, isRemembered, isVisible, type Told } from './oracle.ts';
import {
  bearer,
  HOUR_MS,
  PERSON_TYPES,
  PLACES,
  type RoleName,
  roleNames,
  roles,
  tokenOf,
} from './roles.ts';

let gateway: Gateway;
let simulators: Readonly<Record<string, Simulator>>;
let start: string;
let aheadMs = -2 * HOUR_MS;
const told: Told[] = [];
const bytes = new Map<RoleName, string[]>(roleNames.map((role) => [role, []]));
const stack = new AsyncDisposableStack();

const keep = (role: RoleName, text: string): string => {
  bytes.get(role)?.push(text);
  return text;
};

/** A picture that nobody else has. */
const picture = (): string =>
  Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]), randomBytes(60)]).toString('base64');

let made = 0;

function emit({ site, box, device }: (typeof PLACES)[number], type: number): void {
  made += 1;
  const secret = (what: string) => `${what}-${made}-${randomBytes(6).toString('hex')}`;
  const identity = [secret('who'), secret('name'), secret('group'), secret('more')];
  const [identityId = '', identityName = '', groupName = '', more = ''] = identity;
  const isStranger = PERSON_TYPES[type - 1] === 'STRANGER';
  const registered = isStranger ? '' : picture();
  const pictures = { face: picture(), scene: picture(), registered };
  const sent = simulators[box]?.emit({
    deviceId: device,
    personType: type,
    identityId,
    identityName,
    groupName,
    extra: { more },
    pictures,
  });
  if (!sent) throw new TypeError(`no box ${box}`);
  told.push({
    site,
    box,
    personType: PERSON_TYPES[type - 1] ?? '',
    isOld: aheadMs !== 0,
    sent,
    // What is recognised by its first 48 letters is recognised.
    secrets: {
      identity,
      face: [pictures.face.slice(8, 56)],
      scene: [pictures.scene.slice(8, 56)],
      registered: isStranger ? [] : [registered.slice(8, 56)],
    },
  });
}

const emitAll = (): void => {
  for (const place of PLACES) {
    for (const type of PERSON_TYPES.keys()) emit(place, type + 1);
  }
};

async function ask(role: RoleName, query: string) {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...bearer(role) },
    body: JSON.stringify({ query }),
  });
  return JSON.parse(keep(role, await response.text()));
}

/** A WebSocket of the role; all that comes on it is kept. */
async function connect(role: RoleName): Promise<RawSocket> {
  const socket = await RawSocket.open(`${gateway.url.replace('http', 'ws')}/graphql`);
  stack.use(socket);
  socket.socket.on('message', (data: Buffer) => keep(role, data.toString()));
  await socket.initialise({ token: tokenOf(role) });
  return socket;
}

/** The events that came on a socket under an id, so far. */
const seenOn = (socket: RawSocket, id: string): Seen[] =>
  socket.received
    .filter((message) => message.type === 'next' && message.id === id)
    .map(({ payload }) => payload?.['data'] as { recognitionEvents: Seen })
    .map(({ recognitionEvents }) => recognitionEvents);

/** The same of alarms. */
const alarmsOn = (socket: RawSocket, id: string): SeenAlarm[] =>
  socket.received
    .filter((message) => message.type === 'next' && message.id === id)
    .map(({ payload }) => payload?.['data'] as { alarms: SeenAlarm })
    .map(({ alarms }) => alarms);

/** Each with its event, and who it is about only where the role may see that. */
function expectAlarms(role: RoleName, seen: readonly SeenAlarm[], expected: readonly Told[]): void {
  const isTold = roles[role].fields?.includes('identity') === true;
  const identities = new Set(expected.map(({ sent }) => sent.identityId));
  for (const { identityId, identityName, lastEvent, events } of seen) {
    expect(identityName === null).toBe(!isTold);
    expect(lastEvent).toMatchObject({ identityId });
    expect(events.edges).toHaveLength(1);
    if (isTold) expect(identities).toContain(identityId);
  }
}

const wanted = (role: RoleName, filter: (each: Told) => boolean = () => true): Told[] =>
  told.filter((each) => isVisible(roles[role], each) && filter(each));

/** Whether the role finds the person of the event among the people. */
const isKnown = (role: RoleName, each: Told): boolean =>
  each.personType !== 'STRANGER' &&
  isRemembered(roles[role], each) &&
  roles[role].fields?.includes('identity') === true;

/** The same events, each with the fields that the role may see, and no others. */
function expectSeen(role: RoleName, seen: readonly Seen[], expected: readonly Told[]): void {
  const { fields = [] } = roles[role];
  expect(seen).toHaveLength(expected.length);
  for (const each of seen) {
    expect({
      identity: each.identityId !== null,
      face: each.faceImage !== null,
      scene: each.sceneImage !== null,
      registered: each.registeredImage !== null,
    }).toEqual({
      identity: fields.includes('identity'),
      face: fields.includes('face'),
      scene: fields.includes('scene'),
      registered: fields.includes('registered') && each.personType !== 'STRANGER',
    });
  }
  if (fields.includes('identity')) {
    expect(new Set(seen.map(({ identityId }) => identityId))).toEqual(
      new Set(expected.map(({ sent }) => sent.identityId)),
    );
  }
}

beforeAll(async () => {
  const device = (deviceId: string, box: string) => ({
    deviceId,
    name: `${deviceId} of ${box}`,
    ip: '10.0.0.9',
    kind: 'rtsp',
    eventType: '0',
    key: '',
    groupId: '1',
  });
  simulators = Object.fromEntries(
    await Promise.all(
      ['hq-lobby', 'lab-door'].map(async (box, index) => {
        const devices = ['cam', 'gate'].map((id) => device(id, box));
        return [box, stack.use(await startSimulator({ seed: index + 1, devices }))] as const;
      }),
    ),
  );
  const boxOf = (id: string) => {
    const { host = '', eventPort = 0, apiPort = 0 } = simulators[id] ?? {};
    return { id, host, eventPort, apiPort };
  };
  const config = parseConfig(
    JSON.stringify({
      listen: '127.0.0.1:0',
      journal: { path: 'memory' },
      watch: [{ id: 'anybody', title: 'Anybody', cooldown: 'none' }],
      images: { capture: 'always' },
      sites: [
        { id: 'hq', boxes: [boxOf('hq-lobby')] },
        { id: 'lab', boxes: [boxOf('lab-door')] },
      ],
      access: {
        tokens: roleNames.map((role) => ({ name: role, role, token: tokenOf(role) })),
        roles: Object.fromEntries(
          Object.entries(roles).map(([name, role]) => [name, { ...role, export: true }]),
        ),
      },
    }),
  );
  const clock = { ...systemClock, now: () => Date.now() + aheadMs };
  gateway = stack.use(await createGateway(config, { clock, backfill: AT_ONCE }));
  await Promise.all(Object.values(simulators).map((each) => each.until(isListenedTo)));
  await Promise.all(
    Object.values(simulators).map((each) =>
      each.until(({ configurations }) => configurations.at(-1)?.needFace === true),
    ),
  );
  start = (await ask('desk', '{ cursor }')).data.cursor;

  // Two hours ago by the clock of the gateway.
  const early = await connect('desk');
  early.subscribe('early', live());
  await early.untilHeard();
  emitAll();
  await until(() => seenOn(early, 'early').length === told.length);
  aheadMs = 0;
});

afterAll(() => stack.disposeAsync());

describe.each(roleNames)('%s', (role) => {
  it('is told what happens of what it may see, on WebSocket and event stream', async () => {
    const socket = await connect(role);
    socket.subscribe('live', live());
    socket.subscribe(
      'status',
      'subscription { boxStatus { id devices { id } link { lastEventAt } } }',
    );
    socket.subscribe('alarms', FOLLOW);
    await socket.untilHeard();
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream', ...bearer(role) },
      body: JSON.stringify({ query: live() }),
    });
    const events = readEvents(response);
    // All that is told by now is not for it.
    const before = told.length;
    const witness = await connect('desk');
    witness.subscribe('all', live());
    await witness.untilHeard();
    emitAll();
    const expected = told.slice(before).filter((each) => isVisible(roles[role], each));
    await until(() => seenOn(witness, 'all').length === told.length - before);
    await until(() => seenOn(socket, 'live').length >= expected.length);
    const streamed: Seen[] = [];
    while (streamed.length < expected.length) {
      streamed.push(JSON.parse(keep(role, (await nextEvent(events)).data)).data.recognitionEvents);
    }
    expectSeen(role, seenOn(socket, 'live'), expected);
    expectSeen(role, streamed, expected);
    await socket.untilHeard();
    expect(seenOn(socket, 'live')).toHaveLength(expected.length);
    await until(() => alarmsOn(socket, 'alarms').length >= expected.length);
    await socket.untilHeard();
    expect(alarmsOn(socket, 'alarms')).toHaveLength(expected.length);
    expectAlarms(role, alarmsOn(socket, 'alarms'), expected);
    await events.return();
  });
});

it('what boxes said while nobody listened is for the same roles', async () => {
  const witness = await connect('desk');
  witness.subscribe('all', live());
  const sockets = new Map<RoleName, RawSocket>();
  for (const role of roleNames) {
    const socket = await connect(role);
    socket.subscribe('live', live());
    await socket.untilHeard();
    sockets.set(role, socket);
  }
  const before = told.length;
  for (const simulator of Object.values(simulators)) {
    await simulator.faults.refuse('closed');
    simulator.faults.drop();
  }
  await until(() => Object.values(simulators).every(({ connections }) => connections === 0));
  emitAll();
  for (const simulator of Object.values(simulators)) await simulator.faults.welcome();
  await until(() => seenOn(witness, 'all').length === told.length - before);
  for (const [role, socket] of sockets) {
    await socket.untilHeard();
    expect(seenOn(socket, 'live')).toHaveLength(
      told.slice(before).filter((each) => isVisible(roles[role], each)).length,
    );
  }
});

describe.each(roleNames)('%s, of what has been', (role) => {
  it('gets as much as it may look back to, and a gap for the rest, when it resumes', async () => {
    const expected = wanted(role, (each) => isRemembered(roles[role], each));
    const socket = await connect(role);
    socket.subscribe('resumed', live(start));
    const witness = await connect('desk');
    witness.subscribe('resumed', live(start));
    await until(() => seenOn(witness, 'resumed').length === told.length);
    await until(() => seenOn(socket, 'resumed').length >= expected.length);
    await socket.untilHeard();
    expectSeen(role, seenOn(socket, 'resumed'), expected);
  });

  it('finds it in history, counted as it may be seen', async () => {
    const { data } = await ask(role, QUERY);
    const expected = wanted(role, (each) => isRemembered(roles[role], each));
    const { totalCount, edges } = data.recognitionEvents;
    expect(totalCount).toBe(expected.length);
    expectSeen(
      role,
      edges.map(({ node }: { node: Seen }) => node),
      expected,
    );
    const places = PLACES.filter(({ site, box, device }) =>
      PERSON_TYPES.some((personType) =>
        isVisible(roles[role], {
          site,
          box,
          personType,
          isOld: false,
          secrets: {},
          sent: { deviceId: device },
        } as unknown as Told),
      ),
    );
    const devices = places.map(({ box, device }) => `${box}/${device}`);
    expect(data.devices.map(({ id }: { id: string }) => id)).toEqual(devices);
    expect(data.boxes.map(({ id }: { id: string }) => id)).toEqual([
      ...new Set(places.map(({ box }) => box)),
    ]);
    expect(data.sites.map(({ id }: { id: string }) => id)).toEqual([
      ...new Set(places.map(({ site }) => site)),
    ]);
    expect(data.oneDevice !== null).toBe(devices.includes('lab-door/cam'));
    expect(data.otherDevice !== null).toBe(devices.includes('hq-lobby/gate'));
  });

  it('is told what it may see and do, at the sites that there are for it', async () => {
    const { sites, ...rights } = (await ask(role, VIEWER)).data.viewer;
    const { answer = false, fields = [] } = roles[role];
    expect(rights).toEqual({ name: role, mayAnswer: answer, mayErase: false, mayExport: true });
    const shown = { fields: fields.map((field) => field.toUpperCase()) };
    const history = roles[role].history === 'none' ? null : shown;
    const ids = new Set(wanted(role).map(({ site }) => site));
    expect(sites).toEqual([...ids].map((id) => ({ site: { id }, ...shown, history })));
  });

  it('downloads the same, in either format', async () => {
    const expected = wanted(role, (each) => isRemembered(roles[role], each));
    const download = async (format: string) => {
      const response = await fetch(`${gateway.url}/export/events.${format}`, {
        headers: bearer(role),
      });
      expect(response.status).toBe(200);
      return keep(role, await response.text())
        .trimEnd()
        .split(/\r?\n/);
    };
    const lines = (await download('ndjson')).filter((line) => line !== '');
    expectSeen(
      role,
      lines.map((line) => JSON.parse(line)),
      expected,
    );
    expect((await download('csv')).length).toBe(expected.length + 1);
  });

  it('is counted as it may be seen, and found by its id where one may see who is on it', async () => {
    const { data } = await ask(role, COUNTS);
    const expected = wanted(role, (each) => isRemembered(roles[role], each));
    const sum = (counts: readonly { readonly count: number }[]) =>
      counts.reduce((total, { count }) => total + count, 0);
    for (const counts of [data.byDevice, data.byType, data.byDay]) {
      expect(sum(counts)).toBe(expected.length);
    }
    const isThere = (id: string) =>
      wanted(role).some(({ site, box, sent }) =>
        [site, box, `${box}/${sent.deviceId}`].includes(id),
      );
    expect(data.site !== null).toBe(isThere('lab'));
    expect(data.box !== null).toBe(isThere('lab-door'));
    expect(data.device !== null).toBe(isThere('lab-door/cam'));
    const all = await ask(
      'desk',
      '{ recognitionEvents(first: 200) { edges { node { id identityId } } } }',
    );
    const isTold = roles[role].fields?.includes('identity') === true;
    const shown = new Set(isTold ? expected.map(({ sent }) => sent.identityId) : []);
    const { edges } = all.data.recognitionEvents;
    expect(edges).toHaveLength(told.length);
    for (const { node } of [...edges.slice(0, 20), ...edges.slice(-20)]) {
      const answer = await ask(
        role,
        `{ event: recognitionEvent(id: "${node.id}") { identityId } node(id: "${node.id}") { id } }`,
      );
      const { identityId } = node;
      expect(answer.data.event).toEqual(shown.has(identityId) ? { identityId } : null);
      expect(answer.data.node).toEqual(shown.has(identityId) ? { id: node.id } : null);
    }
  });

  it('has the alarms of what it may see, and answers them with the right to', async () => {
    const expected = wanted(role, (each) => isRemembered(roles[role], each));
    const alarmsFor = async (name: RoleName): Promise<SeenAlarm[]> =>
      (await ask(name, ALARMS)).data.alarms.edges.map(({ node }: { node: SeenAlarm }) => node);
    const seen = await alarmsFor(role);
    expect(seen).toHaveLength(Math.min(100, expected.length));
    expectAlarms(role, seen, expected);
    const own = new Set(seen.map(({ id }) => id));
    const all = (await alarmsFor('desk')).slice(0, 20);
    for (const { id } of all) {
      const act = `acknowledgeAlarm(id: "${id}", key: "${role}") { ${ALARM} }`;
      const { errors = [] } = await ask(role, `mutation { ${act} }`);
      const isAllowed = roles[role].answer === true;
      const code = isAllowed ? 'ALARM_NOT_FOUND' : 'NOT_ALLOWED';
      const codes = errors.map(({ extensions }: { extensions: object }) => extensions);
      expect(codes).toEqual(isAllowed && own.has(id) ? [] : [{ code }]);
      const { data } = await ask(
        role,
        `{ node(id: "${id}") { id } nodes(ids: ["${id}"]) { id } alarm(id: "${id}") { id } }`,
      );
      const shown = own.has(id) ? { id } : null;
      if (own.has(id) || expected.length < 100) {
        expect(data).toEqual({ node: shown, nodes: [shown], alarm: shown });
      }
    }
  });

  it('finds the people whom it may know, with their events and no others', async () => {
    const found: SeenPerson[] = [];
    for (let after = ''; ; ) {
      const { data } = await ask(role, peopleQuery(after));
      found.push(...data.people.edges.map(({ node }: { node: SeenPerson }) => node));
      if (!data.people.pageInfo.hasNextPage) break;
      after = data.people.pageInfo.endCursor;
    }
    const expected = wanted(role, (each) => isKnown(role, each)).toReversed();
    expect(new Set(found.map(({ identityId }) => identityId))).toEqual(
      new Set(expected.map(({ sent }) => sent.identityId)),
    );
    for (const { identityId, lastEvent, eventCount } of found) {
      expect({ ...lastEvent, eventCount }).toMatchObject({ identityId, eventCount: 1 });
    }
    expectSeen(
      role,
      found.flatMap(({ events }) => events.edges.map(({ node }) => node)),
      expected,
    );
  });

  it('does not learn by a filter, an id or a name who somebody is', async () => {
    for (const each of [...told.slice(0, 20), ...told.slice(-20)]) {
      const { identityId, identityName } = each.sent;
      const { data } = await ask(
        role,
        `{
          recognitionEvents(filter: { identityIds: ["${identityId}"] }) { totalCount }
          person(identityId: "${identityId}") { events { totalCount } }
          people(name: "${identityName}") { edges { node { eventCount } } }
        }`,
      );
      const isFound =
        isVisible(roles[role], each) &&
        isRemembered(roles[role], each) &&
        roles[role].fields?.includes('identity') === true;
      expect(data.recognitionEvents.totalCount).toBe(isFound ? 1 : 0);
      const isPerson = isFound && each.personType !== 'STRANGER';
      expect(data.person).toEqual(isPerson ? { events: { totalCount: 1 } } : null);
      expect(data.people.edges).toHaveLength(isPerson ? 1 : 0);
    }
  });

  it('was sent nothing that it may not see, in any byte', () => {
    const all = bytes.get(role)?.join('\n') ?? '';
    const leaked: string[] = [];
    const mustNotHave = (secret: string) => {
      if (all.includes(secret)) leaked.push(secret);
    };
    for (const each of told) {
      forbidden(roles[role], each).forEach(mustNotHave);
    }
    for (const { site, box, device } of PLACES) {
      const isHidden = !wanted(role).some(
        (each) => each.box === box && each.sent.deviceId === device,
      );
      if (isHidden) mustNotHave(`${device} of ${box}`);
      if (!wanted(role).some((each) => each.site === site)) mustNotHave(`"${site}"`);
    }
    expect(leaked).toEqual([]);
  });
});
