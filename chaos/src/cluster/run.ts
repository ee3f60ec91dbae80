import { createClient } from '@se5/client';
import { Audience } from '../clients/audience.ts';
import { happenToClients } from '../clients/client-faults.ts';
import { interestsOf } from '../clients/interest.ts';
import { hasHeard } from '../clients/progress.ts';
import { speakLast } from '../last-words.ts';
import { isOf, type Planned } from '../plan/fault.ts';
import { replay } from '../replay.ts';
import type { RunOptions, RunResult } from '../run.ts';
import { settled } from '../settled.ts';
import type { Finding } from '../verdict/finding.ts';
import { journalOrder } from '../verdict/journal-order.ts';
import { judgeBoxGaps } from '../verdict/judge-box-gaps.ts';
import { judgeClient } from '../verdict/judge-client.ts';
import { judgeDisk } from '../verdict/judge-disk.ts';
import { judgeHistory } from '../verdict/judge-history.ts';
import { judgeJournal } from '../verdict/judge-journal.ts';
import { judgeJournalGaps } from '../verdict/judge-journal-gaps.ts';
import { judgeOverlaps } from '../verdict/judge-overlaps.ts';
import { type IsLeftOut, without } from '../verdict/left-out.ts';
import { happenToBox } from '../world/box-faults.ts';
import { carryOut } from '../world/carry-out.ts';
import { PERSONS } from '../world/persons.ts';
import { subscribed } from '../world/subscribed.ts';
import { assigned } from './assigned.ts';
import { happenToCluster } from './cluster-faults.ts';
import { type ClusterSize, ClusterWorld } from './cluster-world.ts';
import { type FaultOfCluster, planClusterFaults } from './plan.ts';
import { judgeAgreement } from './verdict/judge-agreement.ts';
import { lostWithLog } from './verdict/lost-with-log.ts';
import { merged } from './verdict/merged.ts';
import { sharedOrder } from './verdict/shared-order.ts';
import { tornWithLog } from './verdict/torn-with-log.ts';

const SIZE: ClusterSize = { gateways: 3, servers: 3 };
const CLIENTS = 60;

/** Of each box. */
const EVENTS_PER_SECOND = 5;

/** From the start until all boxes have been heard, in ms. */
const START_MS = 300_000;

/** When all clients have settled, until the gateways have closed what others have left, in ms. */
const CLOSED_MS = 60_000;

export interface ClusterRunOptions extends RunOptions {
  /** Of the faults, these kinds alone. Default: all. */
  readonly only?: readonly FaultOfCluster['kind'][] | undefined;
  readonly size?: ClusterSize;
  /** How many listen. Default 60. */
  readonly clients?: number;
}

/** The faults of a seed on gateways that share a log, and what became of all that was sent meanwhile. */
export async function runCluster({
  seed,
  seconds,
  settleMs,
  only,
  size = SIZE,
  clients = CLIENTS,
  ...options
}: ClusterRunOptions): Promise<RunResult> {
  const started = Date.now();
  const starting = AbortSignal.timeout(START_MS);
  await using world = await ClusterWorld.start(seed, size, starting);
  const { boxes, clock, gateways, nats, sent, timeline } = world;
  const hosts = gateways.map(({ host }) => host);
  const urls = gateways.map(({ url }) => url);
  const [url = ''] = urls;
  const boxIds = boxes.map(({ kind }) => kind.boxId);
  const plan = planClusterFaults({
    ...{ seed, seconds, ...size, boxes: boxes.length, clients },
  }).filter(({ kind }) => only?.includes(kind) ?? true);
  await assigned(hosts, boxes.length, starting);
  const { cursor: start } = await newest(url);
  const known = boxes.map(({ kind, deviceIds }) => ({ ...kind, deviceIds }));
  const trueTime = (shown: number) => clock.trueTime(shown);
  const log = (line: string) => {
    timeline.note(line);
    options.log(`${timeline.seconds(Date.now())}  ${line}`);
  };
  const ports = { each: hosts.map((host) => () => host.port), any: () => world.nextPort };
  await using audience = await Audience.start(interestsOf(known, clients), ports, { after: start });
  for (const box of boxes) box.speak(EVENTS_PER_SECOND);
  await audience.until((records) => records.every(hasHeard(sent, boxIds)), starting);

  log(`${plan.length} faults in ${seconds} s`);
  const findings: Finding[] = [];
  const happening = AbortSignal.timeout(1_000 * seconds + settleMs);
  const happen = (fault: Planned<FaultOfCluster>) => {
    if (isOf(fault, 'box')) return happenToBox(fault, boxes);
    if (isOf(fault, 'clients')) return happenToClients(fault, audience, url);
    return happenToCluster(fault, world, happening);
  };
  const troubles = await Promise.all(
    plan.map((fault) =>
      carryOut(fault, world, () =>
        happen(fault).catch((error: unknown) => {
          const what = `'${fault.kind}' did not end: ${String(error)}`;
          findings.push({ who: 'the run', what, at: Date.now() });
        }),
      ),
    ),
  );

  const ended = Date.now();
  const settling = AbortSignal.timeout(settleMs);
  for (const box of boxes) box.speak(0);
  log('the faults are over');
  const isSettled = async () => {
    await nats.ready();
    await Promise.all(hosts.map((host) => host.ready(settling)));
    await assigned(hosts, boxes.length, settling);
    await Promise.all(
      urls.map(async (each) => {
        await using client = createClient({ url: each });
        await settled(client, boxIds, trueTime, settling, true);
      }),
    );
  };
  try {
    await isSettled();
    await speakLast({ boxes, sent, audience }, settling);
    await isSettled();
    log('the boxes have settled');
    await speakLast({ boxes, sent, audience }, settling);
    const closing = AbortSignal.any([settling, AbortSignal.timeout(CLOSED_MS)]);
    await subscribed(hosts, clients, closing);
  } catch (error) {
    findings.push({ who: 'the run', what: `did not settle: ${String(error)}`, at: Date.now() });
  }
  const settledMs = Date.now() - ended;
  log(`settled after ${(settledMs / 1_000).toFixed(1)} s`);

  const replays = await Promise.all(
    gateways.map(async ({ name, url: each }) => ({ name, events: await replay(each, start) })),
  );
  log('replayed');
  const torn = tornWithLog(replays, sent, troubles);
  if (torn.size > 0) log(`${torn.size} events were torn with the deleted log, and are not judged`);
  const isTorn: IsLeftOut = ({ serial }) => torn.has(serial);
  const histories = replays.map(({ name, events }) => ({
    name,
    events: without(events, sent, isTorn),
  }));
  const records = audience.records.map((record) => ({
    ...record,
    received: without(record.received, sent, isTorn),
  }));
  const together = merged(histories);
  const order = sharedOrder(together.events, histories);
  const lost = lostWithLog(histories, troubles);
  const ids = PERSONS.map(({ identityId }) => identityId);
  findings.push(
    ...together.findings,
    ...judgeAgreement(order, histories),
    ...judgeJournal({ ...order, gaps: [...order.gaps, ...lost] }, sent, isTorn),
    ...records.flatMap((record) => judgeClient(record, order, sent, troubles)),
    ...judgeOverlaps(order, started),
    ...judgeBoxGaps(order, records, troubles, boxIds),
    ...judgeJournalGaps(order, records, troubles),
  );
  for (const { url: each, events } of gateways.map((gateway, index) => ({
    url: gateway.url,
    events: replays[index]?.events ?? [],
  }))) {
    findings.push(...(await judgeHistory(each, journalOrder(events))));
  }
  log('judged');
  await Promise.all(hosts.map((host) => host.stop()));
  log('the gateways have ended');
  findings.push(
    ...gateways.flatMap(({ name, host }) =>
      host.crashes.map(({ at, end }) => ({ who: name, what: `ended with ${end}`, at })),
    ),
    ...(await judgeDisk(world.folder, ids)),
  );
  for (const { storeDir } of nats.servers) findings.push(...(await judgeDisk(storeDir, ids)));
  return { findings, sent, records, order, troubles, timeline, settledMs };
}

async function newest(url: string) {
  await using client = createClient({ url });
  return await client.history({ last: 1 });
}
