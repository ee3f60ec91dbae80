import { setTimeout as delay } from 'node:timers/promises';
import { type NatsServer, startNatsServer } from '@se5/nats-server';
import { z } from 'zod';
import type { Contender } from '../../contenders/process.ts';
import { Boxes } from '../../load/boxes.ts';
import type { Measurement } from '../../report/measurement.ts';
import { type Bench, count } from '../figure.ts';
import { type Row, summarise, takeTurns } from '../rounds.ts';
import { startMember } from './member.ts';

/** The last of them comes when the others have shared all boxes. */
const GATEWAYS = 4;

/** Between two looks at who listens to which box, in ms. */
const LOOK_MS = 250;

/** So long no box changes hands: the gateways are balanced. In ms. */
const QUIET_MS = 3_000;

interface Reading {
  readonly balancedMs: number;
  /** Boxes of the gateway that came last. */
  readonly moved: number;
  /** The largest of the gateways, in bytes. */
  readonly rss: number;
  readonly messagesPerSecond: number;
  readonly bytesPerSecond: number;
}

/** Many boxes: how long a new gateway takes to get its share of them, and what rest costs. */
export async function measureBalance(bench: Bench): Promise<Measurement[]> {
  const number = bench.plan.scaled(1_000);
  const rounds = await takeTurns(bench, 'cluster, balance', ['gateway'], () =>
    balance(number, bench.plan.scaled(10_000)),
  );
  const what = `${count(number)} boxes, ${GATEWAYS} gateways`;
  const rows: Row<Reading>[] = [
    {
      scenario: `${what}: from the start of the last one until each has its share`,
      unit: 'ms',
      of: ({ balancedMs }) => balancedMs,
    },
    { scenario: `${what}: boxes that it took over`, unit: 'boxes', of: ({ moved }) => moved },
    { scenario: `${what}: the largest, resident`, unit: 'MiB', of: ({ rss }) => rss / 2 ** 20 },
    {
      scenario: `${what}, at rest: messages to NATS`,
      unit: 'messages a second',
      of: ({ messagesPerSecond }) => messagesPerSecond,
    },
    {
      scenario: `${what}, at rest: to NATS`,
      unit: 'KiB a second',
      of: ({ bytesPerSecond }) => bytesPerSecond / 1_024,
    },
  ];
  return summarise('cluster', rounds, rows);
}

/** @param restMs How long messages are counted while no box says anything. */
async function balance(number: number, restMs: number): Promise<Reading> {
  await using nats = await startNatsServer();
  await using boxes = await Boxes.open({ boxes: number });
  await using owned = new AsyncDisposableStack();
  const start = async (index: number) =>
    owned.use(await startMember(nats, boxes, `gateway-${index + 1}`));
  const first = await start(0);
  const others = await Promise.all([1, 2].map(start));
  await balanced(first);
  const startedAt = performance.now();
  const [last, balancedAt] = await Promise.all([
    start(GATEWAYS - 1),
    balanced(first, `gateway-${GATEWAYS}`),
  ]);
  const owners = await ownersOf(first);
  const usages = await Promise.all([first, ...others, last].map((one) => one.usage('collect')));
  const rate = await trafficOf(nats, restMs);
  return {
    balancedMs: balancedAt - startedAt,
    moved: owners.filter((owner) => owner === `gateway-${GATEWAYS}`).length,
    rss: Math.max(...usages.map(({ rss }) => rss)),
    ...rate,
  };
}

/**
 * Settles when no box has changed hands for a while, and the gateway with the name has some.
 *
 * @returns when the last one did.
 */
async function balanced(asked: Contender, name?: string): Promise<number> {
  let before: readonly (string | null)[] = [];
  let changedAt = performance.now();
  for (;;) {
    await delay(LOOK_MS);
    const owners = await ownersOf(asked);
    if (owners.some((owner, index) => owner !== before[index])) changedAt = performance.now();
    before = owners;
    const isQuiet = performance.now() - changedAt > QUIET_MS;
    const isShared = !owners.includes(null) && (name === undefined || owners.includes(name));
    if (isQuiet && isShared) return changedAt;
  }
}

const answerSchema = z.object({
  data: z.object({
    sites: z.array(z.object({ boxes: z.array(z.object({ gateway: z.string().nullable() })) })),
  }),
});

/** Who listens to each box. */
async function ownersOf({ port }: Contender): Promise<(string | null)[]> {
  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ sites { boxes { gateway } } }' }),
  });
  const { data } = answerSchema.parse(await answer.json());
  return data.sites.flatMap(({ boxes }) => boxes.map(({ gateway }) => gateway));
}

const countersSchema = z.object({ in_msgs: z.number(), in_bytes: z.number() });

/** What all gateways send while the boxes are silent. */
async function trafficOf(
  { monitoringUrl }: NatsServer,
  restMs: number,
): Promise<Pick<Reading, 'messagesPerSecond' | 'bytesPerSecond'>> {
  const counters = async () => ({
    ...countersSchema.parse(await (await fetch(`${monitoringUrl}/varz`)).json()),
    at: performance.now(),
  });
  const before = await counters();
  await delay(restMs);
  const after = await counters();
  const seconds = (after.at - before.at) / 1_000;
  return {
    messagesPerSecond: (after.in_msgs - before.in_msgs) / seconds,
    bytesPerSecond: (after.in_bytes - before.in_bytes) / seconds,
  };
}
