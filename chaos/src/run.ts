import { createClient } from '@se5/client';
import { permitted, roleOf } from './access/roles.ts';
import { Audience } from './clients/audience.ts';
import { happenToClients } from './clients/client-faults.ts';
import { interestsOf } from './clients/interest.ts';
import { hasHeard } from './clients/progress.ts';
import type { ClientRecord } from './clients/subscriber.ts';
import { speakLast } from './last-words.ts';
import { isOf } from './plan/fault.ts';
import { planFaults } from './plan/plan.ts';
import { replay } from './replay.ts';
import { settled } from './settled.ts';
import { erasedBy } from './verdict/erasures.ts';
import type { Finding } from './verdict/finding.ts';
import { type JournalOrder, journalOrder } from './verdict/journal-order.ts';
import { judgeBoxGaps } from './verdict/judge-box-gaps.ts';
import { judgeClient } from './verdict/judge-client.ts';
import { judgeDisk } from './verdict/judge-disk.ts';
import { judgeErasures } from './verdict/judge-erasures.ts';
import { judgeHistory } from './verdict/judge-history.ts';
import { judgeJournal } from './verdict/judge-journal.ts';
import { judgeJournalGaps } from './verdict/judge-journal-gaps.ts';
import { judgeOverlaps } from './verdict/judge-overlaps.ts';
import { inTrueTime, type TrueTime } from './verdict/true-times.ts';
import { unnoticedClocks } from './verdict/unnoticed-clocks.ts';
import { happenToBox } from './world/box-faults.ts';
import { carryOut, type Trouble } from './world/carry-out.ts';
import { happenToGateway } from './world/gateway-faults.ts';
import { PERSONS } from './world/persons.ts';
import type { SentEvent } from './world/sent-event.ts';
import { subscribed } from './world/subscribed.ts';
import type { Timeline } from './world/timeline.ts';
import { World } from './world/world.ts';

const BOXES = 5;
const CLIENTS = 50;

/** Of each box. */
const EVENTS_PER_SECOND = 50;

/** From the start until all boxes have been heard, in ms. */
const START_MS = 180_000;

/** When all clients have settled, until the gateway has closed what others have left, in ms. */
const CLOSED_MS = 60_000;

export interface RunOptions {
  readonly seed: number;
  /** How long faults happen. */
  readonly seconds: number;
  /** Then, how long until all that is to come has come. */
  readonly settleMs: number;
  readonly log: (line: string) => void;
}

export interface RunResult {
  readonly findings: readonly Finding[];
  readonly sent: readonly SentEvent[];
  readonly records: readonly ClientRecord[];
  readonly order: JournalOrder;
  readonly troubles: readonly Trouble[];
  readonly timeline: Timeline;
  readonly settledMs: number;
  /** Given out to the clients; undefined where the gateway has no tokens. */
  readonly tokens?: number;
}

/** The faults of a seed, and what became of all that was sent meanwhile. */
export async function runChaos({
  seed,
  seconds,
  settleMs,
  ...options
}: RunOptions): Promise<RunResult> {
  const started = Date.now();
  const persons = PERSONS.length;
  const plan = planFaults({ seed, seconds, boxes: BOXES, clients: CLIENTS, persons });
  const starting = AbortSignal.timeout(START_MS);
  await using world = await World.start(seed, starting);
  const { boxes, clock, gateway, issuer, sent, timeline, token, url } = world;
  await using client = createClient({ url, token });
  const { cursor: start } = await client.history({ last: 1 });
  const boxIds = boxes.map(({ kind }) => kind.boxId);
  const known = boxes.map(({ kind, deviceIds }) => ({ ...kind, deviceIds }));
  const port = () => gateway.port;
  const ports = { each: [port], any: port };
  const trueTime: TrueTime = (shown, notAfter) => clock.trueTime(shown, notAfter);
  const log = (line: string) => {
    timeline.note(line);
    options.log(`${timeline.seconds(Date.now())}  ${line}`);
  };
  const siteOf = new Map(known.map(({ boxId, siteId }) => [boxId, siteId]));
  const interests = interestsOf(known, CLIENTS).map((interest, number) =>
    permitted(interest, roleOf(number), siteOf),
  );
  await using audience = await Audience.start(interests, ports, {
    after: start,
    tokenOf: (number) => () => issuer.token(`client-${number}`, roleOf(number).name),
  });
  for (const box of boxes) box.speak(EVENTS_PER_SECOND);
  await audience.until((records) => records.every(hasHeard(sent, boxIds)), starting);

  log(`${plan.length} faults in ${seconds} s`);
  const happening = AbortSignal.timeout(1_000 * seconds + settleMs);
  const troubles = await Promise.all(
    plan.map((fault) =>
      carryOut(fault, world, () => {
        if (isOf(fault, 'box')) return happenToBox(fault, boxes);
        if (isOf(fault, 'clients')) return happenToClients(fault, audience, url, token);
        return happenToGateway(fault, world, happening);
      }),
    ),
  );

  const ended = Date.now();
  const settling = AbortSignal.timeout(settleMs);
  const findings: Finding[] = [];
  for (const box of boxes) box.speak(0);
  log('the faults are over');
  try {
    await gateway.ready(settling);
    await settled(client, boxIds, trueTime, settling);
    // A box whose clock was set while nobody listened shows it by what it says next.
    await speakLast({ boxes, sent, audience }, settling);
    await settled(client, boxIds, trueTime, settling);
    log('the boxes have settled');
    await speakLast({ boxes, sent, audience }, settling);
    const closing = AbortSignal.any([settling, AbortSignal.timeout(CLOSED_MS)]);
    await subscribed([gateway], CLIENTS, closing);
  } catch (error) {
    findings.push({ who: 'the run', what: `did not settle: ${String(error)}`, at: Date.now() });
  }
  const settledMs = Date.now() - ended;
  log(`settled after ${(settledMs / 1_000).toFixed(1)} s`);

  const order = journalOrder(inTrueTime(await replay(url, start, token), trueTime));
  const records = audience.records.map((record) => ({
    ...record,
    received: inTrueTime(record.received, trueTime),
  }));
  log('replayed');
  const isUnnoticed = unnoticedClocks(troubles, boxIds, order, sent);
  const mayBeErased = erasedBy(troubles);
  const ids = PERSONS.map(({ identityId }) => identityId);
  findings.push(
    ...gateway.crashes.map(({ at, end }) => ({
      who: 'the gateway',
      what: `ended with ${end}`,
      at,
    })),
    ...judgeJournal(order, sent, (event) => isUnnoticed(event) || mayBeErased(event)),
    ...judgeErasures(order, sent, troubles, trueTime),
    ...(await judgeDisk(world.folder, ids)),
    ...records.flatMap((record) => judgeClient(record, order, sent, troubles)),
    ...judgeOverlaps(order, started),
    ...judgeBoxGaps(order, records, troubles, boxIds),
    ...judgeJournalGaps(order, records, troubles),
    ...(await judgeHistory(url, order, token)),
  );
  log('judged');
  return { findings, sent, records, order, troubles, timeline, settledMs, tokens: issuer.issued };
}
