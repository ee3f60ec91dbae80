import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
// clock: between two looks at another process, which tells nobody when it is ready.
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { toDeviceId } from '@se5/core';
import { type Random, type Simulator, startSimulator } from '@se5/simulator';
import { describe, expect, it } from 'vitest';
import type { Recognition } from '../src/journal/recognition.ts';
import { FOR_A_BUSY_MACHINE } from './support/busy-machine.ts';
import { configText, post, startGateway } from './support/gateways.ts';
import { eventsIn, gapsIn, journalFile, openAt, readAll } from './support/journals.ts';
import { boxId } from './support/recognitions.ts';
import { AT_ONCE, isListenedTo } from './support/rig.ts';
import { drawing } from './support/seed.ts';

const GATEWAY = fileURLToPath(new URL('./fixtures/impatient-gateway.ts', import.meta.url));
const KILLS = 3;

/** Between two looks at a journal or a gateway, in ms: looking all the time would slow it down. */
const LOOK_MS = 5;

/** In a process of its own, that has only one way to end. */
async function startProcess(config: string): Promise<AsyncDisposable> {
  const args = ['--conditions=@se5/source', GATEWAY, config];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  await once(createInterface(child.stdout), 'line');
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/** What a journal holds when nobody has it open. */
async function contentOf(path: string) {
  await using journal = await openAt(path);
  const { records } = await readAll(journal);
  return {
    settledTo: journal.settled.get(boxId('box-1'))?.at ?? 0,
    events: eventsIn(records),
    gaps: gapsIn(records),
  };
}

const namesOf = (events: readonly Pick<Recognition, 'occurredAt' | 'deviceId' | 'identityId'>[]) =>
  events.map((each) => `${each.occurredAt} ${each.deviceId} ${each.identityId}`).toSorted();

const sentBy = ({ sent }: Simulator) =>
  sent.map(({ timestamp, deviceId, identityId }) => ({
    occurredAt: timestamp,
    deviceId: toDeviceId(deviceId),
    identityId,
  }));

/** Says something all the time, until it is disposed of. */
function talkative(simulator: Simulator): Disposable {
  // clock: only how dense the events are; no test reads how long anything took.
  const talking = setInterval(() => simulator.emit(), 3);
  return { [Symbol.dispose]: () => clearInterval(talking) };
}

/** Says things that nobody listens to. */
function missed(simulator: Simulator): void {
  for (let made = 0; made < 5; made += 1) simulator.emit();
}

/** How much has happened between a box and its gateways so far: connections, requests, events sent. */
const steps = (simulator: Simulator): number =>
  simulator.connectionsAccepted +
  simulator.configurations.length +
  simulator.deviceRequests +
  simulator.storedRequests +
  simulator.sent.filter(({ connections }) => connections > 0).length;

/** Runs a gateway until so much has happened between it and the box, and kills it. */
async function killedAfter(count: number, simulator: Simulator, config: string): Promise<void> {
  missed(simulator);
  await using _gateway = await startProcess(config);
  const before = steps(simulator);
  using _talk = talkative(simulator);
  await simulator.until((box) => steps(box) >= before + count);
}

/** Settles when the condition holds for what the journal says to this query, as another process reads it. */
async function untilJournal(
  path: string,
  sql: string,
  condition: (value: number) => boolean,
): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite');
  using database = new DatabaseSync(path, { readOnly: true });
  const query = database.prepare(sql);
  while (!condition(Number(query.get()?.['value'] ?? 0))) await pause(LOOK_MS);
}

/** Runs a gateway until the journal has a box's first event and how far the box was listened to. */
async function untilHeard(path: string, simulator: Simulator, config: string): Promise<void> {
  await using _gateway = await startProcess(config);
  await simulator.until(isListenedTo);
  using _talk = talkative(simulator);
  const noted = 'SELECT min((SELECT count(*) FROM event), (SELECT count(*) FROM settled)) AS value';
  await untilJournal(path, noted, (rows) => rows > 0);
}

/**
 * Runs a gateway until everything up to now has been dealt with. The box says one event more, which
 * shows how its clock stands.
 */
async function untilLevel(path: string, simulator: Simulator, config: string): Promise<void> {
  missed(simulator);
  const { length } = simulator.configurations;
  await using _gateway = await startProcess(config);
  await simulator.until(({ configurations }) => configurations.length > length);
  const { timestamp } = simulator.emit();
  await untilJournal(path, 'SELECT max(to_time) AS value FROM settled', (to) => to > timestamp);
}

/** Some steps connect, some read back, and most are live events. */
const anySteps = (random: Random): number => random.below(random.pick([10, 40, 150]));

describe('a gateway that is killed at any moment, again and again', () => {
  it('has every event in the end, and once, and claims no gap', async () => {
    const random = drawing();
    await using file = await journalFile();
    await using simulator = await startSimulator();
    const config = configText([simulator], { journal: { path: file.path } });
    await untilHeard(file.path, simulator, config);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await killedAfter(anySteps(random), simulator, config);
    }
    await untilLevel(file.path, simulator, config);
    const { events, gaps } = await contentOf(file.path);
    expect(namesOf(events)).toEqual(namesOf(sentBy(simulator)));
    expect(events.filter(({ delivery }) => delivery === 'BACKFILLED').length).toBeGreaterThan(0);
    expect(gaps).toEqual([]);
  });

  it('says all time that could not be had, and once', async () => {
    const random = drawing();
    await using file = await journalFile();
    await using simulator = await startSimulator();
    simulator.faults.storedEvents('missing');
    const config = configText([simulator], { journal: { path: file.path } });
    await untilHeard(file.path, simulator, config);
    for (let kill = 1; kill < KILLS; kill += 1) {
      await killedAfter(anySteps(random), simulator, config);
    }
    await untilLevel(file.path, simulator, config);
    const { events, gaps } = await contentOf(file.path);
    // Of one that was killed before it could say so, the next one says it with its own.
    expect(gaps.length).toBeGreaterThan(0);
    expect(gaps.length).toBeLessThanOrEqual(KILLS);
    for (const [index, gap] of gaps.entries()) {
      expect(gap).toMatchObject({ reason: 'BOX_UNREACHABLE', boxId: 'box-1' });
      // What may have been under way belongs to the gaps on both sides.
      const overlap = 2 * FOR_A_BUSY_MACHINE.settleMs;
      expect(gap.from).toBeGreaterThanOrEqual((gaps[index - 1]?.to ?? 0) - overlap);
    }
    const had = new Set(namesOf(events));
    const first = Math.min(...events.map(({ occurredAt }) => occurredAt));
    const isSaid = (time: number) =>
      gaps.some(({ from, to }) => (from ?? 0) <= time && time <= (to ?? 0));
    const missing = sentBy(simulator).filter((event) => !had.has(namesOf([event])[0] ?? ''));
    const lost = missing.filter(({ occurredAt }) => occurredAt > first);
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.filter(({ occurredAt }) => !isSaid(occurredAt))).toEqual([]);
  });
});

describe('a gateway that was stopped', () => {
  const start = (path: string, simulator: Simulator) =>
    startGateway({
      simulators: [simulator],
      config: { journal: { path } },
      backfill: { ...AT_ONCE, noteMs: 5 },
    });

  it('reads back what was said meanwhile by a box that had never said a word before', async () => {
    await using file = await journalFile();
    await using simulator = await startSimulator();
    {
      await using gateway = await start(file.path, simulator);
      await untilLive(gateway.url);
    }
    const missed = [simulator.emit(), simulator.emit()];
    {
      const heard = simulator.configurations.length;
      await using gateway = await start(file.path, simulator);
      await simulator.until(({ configurations }) => configurations.length > heard);
      await untilRecovered(gateway.url, missed.length);
    }
    const { events, gaps } = await contentOf(file.path);
    expect(events).toMatchObject(
      missed.map(({ timestamp }) => ({ occurredAt: timestamp, delivery: 'BACKFILLED' })),
    );
    expect(gaps).toEqual([]);
  });
});

async function untilLive(url: string): Promise<void> {
  const query = '{ box(id: "box-1") { link { state } } }';
  for (;;) {
    const { data } = (await (await post(url, query)).json()) as {
      data: { box: { link: { state: string } } };
    };
    if (data.box.link.state === 'LIVE') return;
    await pause(LOOK_MS);
  }
}

async function untilRecovered(url: string, events: number): Promise<void> {
  const query = '{ box(id: "box-1") { backfill { state recovered } } }';
  for (;;) {
    const { data } = (await (await post(url, query)).json()) as {
      data: { box: { backfill: { state: string; recovered: number } | null } };
    };
    if (data.box.backfill?.state === 'COMPLETE') {
      expect(data.box.backfill.recovered).toBe(events);
      return;
    }
    await pause(LOOK_MS);
  }
}
