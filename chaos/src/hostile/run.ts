import { availableParallelism, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createClient } from '@se5/client';
import { Audience } from '../clients/audience.ts';
import type { ClientRecord } from '../clients/subscriber.ts';
import type { Finding } from '../verdict/finding.ts';
import type { SentEvent } from '../world/sent-event.ts';
import { Timeline } from '../world/timeline.ts';
import { pause } from './at-rate.ts';
import { ATTACKS, type Attack, type AttackName } from './attack.ts';
import { BoxOutcomes } from './box-outcomes.ts';
import { GatewayWatch } from './gateway-watch.ts';
import { HistoryReader } from './history-reader.ts';
import { EVERYTHING_HONEST, honestInterests } from './honest.ts';
import { planAttacks } from './plan.ts';
import type { Target } from './process-messages.ts';
import { type Stage, setStage } from './stage.ts';
import { type Counts, Tally } from './tally.ts';
import { excessesOf, latenciesOf } from './verdict/figures.ts';
import { judgeHonest } from './verdict/judge-honest.ts';
import type { Latency } from './verdict/latency.ts';

/** Of each honest box. */
const EVENTS_PER_SECOND = 10;

/** From the start until all honest boxes have been heard, in ms. */
const START_MS = 180_000;

/** The attacks that go on while the gateway is told to end. */
const LAST_ATTACKS: readonly AttackName[] = [
  'empty-objects',
  'event-flood',
  'queries-at-full-speed',
  'answers-unread',
];

/** From the beginning of these attacks until the gateway is told to end, in ms. */
const LAST_BEFORE_STOP_MS = 1_000;

export interface HostileOptions {
  readonly seed: number;
  /** How long there are attacks. */
  readonly seconds: number;
  /** How long it is quiet before. */
  readonly quietSeconds: number;
  /** How long the honest traffic runs before that, so that all code is warm. */
  readonly warmSeconds: number;
  /** Above 0, up to 1: of the numbers of tries. */
  readonly scale: number;
  /** Default: all kinds. */
  readonly only?: readonly AttackName[] | undefined;
  /** When the attacks are over, how long until all that is to come has come. */
  readonly settleMs: number;
  readonly log: (line: string) => void;
}

export interface HostileResult {
  /** What is wrong, whatever the speed of the machine. */
  readonly findings: readonly Finding[];
  /** What took longer, or more memory, than it may. */
  readonly excesses: readonly string[];
  readonly attacks: ReadonlyMap<AttackName, Counts>;
  readonly latencies: readonly Latency[];
  /** In bytes; undefined where the system does not tell. */
  readonly memory: { readonly quiet: number; readonly most: number } | undefined;
  readonly stopMs: number;
  /** Programs that wanted a core, on average over the last minute, when the attacks began; and cores. */
  readonly machine: { readonly load: number; readonly cores: number };
  /** The p99 by which the measuring process itself was late beside the attacks, in ms. */
  readonly ownLagMs: number;
  readonly sent: number;
  readonly timeline: Timeline;
}

/** The attacks of a seed, and what honest clients and the gateway came to beside them. */
export async function runHostile({ log, ...options }: HostileOptions): Promise<HostileResult> {
  const timeline = new Timeline();
  const note = (line: string) => {
    timeline.note(line);
    log(`${timeline.seconds(Date.now())}  ${line}`);
  };
  const starting = AbortSignal.timeout(START_MS);
  await using stage = await setStage(options.seed, starting, (line) => timeline.note(line));
  const { boxes, gateway, port, sent, token, url } = stage;
  const findings: Finding[] = [];
  const report = (who: string, what: string, at = Date.now()) => findings.push({ who, what, at });
  const crashed = new AbortController();
  void gateway.closed.then(() => {
    note(`the gateway ended with ${gateway.end}`);
    crashed.abort(new Error(`the gateway ended with ${gateway.end}`));
  });
  const known = boxes.map(({ kind, deviceIds }) => ({ ...kind, deviceIds }));
  const target: Target = {
    port,
    token,
    deviceIds: known.flatMap(({ boxId, deviceIds }) => deviceIds.map((id) => `${boxId}/${id}`)),
  };

  await using client = createClient({ url, token });
  const { cursor: start } = await client.history({ last: 1 });
  await using reader = new HistoryReader(EVERYTHING_HONEST, start, { url, token });
  await using audience = await Audience.start(
    honestInterests(known),
    { each: [() => port], any: () => port },
    {
      after: start,
      tokenOf: () => token,
      isPatient: true,
    },
  );
  await using watch = new GatewayWatch(gateway.pid, url);
  using boxOutcomes = new BoxOutcomes(client);

  for (const box of boxes) box.speak(EVENTS_PER_SECOND);
  await audience.until((records) => records.every(({ received }) => received.length > 0), starting);
  await sleep(options.warmSeconds);
  note(`quiet for ${options.quietSeconds} s`);
  const quiet = await phase(() => sleep(options.quietSeconds));
  const quietMemory = watch.memory?.now;
  const machine = { load: loadavg()[0] ?? 0, cores: availableParallelism() };

  const plan = planAttacks(options);
  using _progress = showProgress(note, audience, sent, watch);
  note(`${plan.length} attacks in ${options.seconds} s`);
  const ownLag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  ownLag.enable();
  const tallies = new Map<AttackName, Tally>();
  const hostile = await phase(async () => {
    await Promise.all(
      plan.map((attack) => happen(attack, stage, target, { tallies, note, report })),
    );
  });
  ownLag.disable();
  for (const box of boxes) box.speak(0);
  note('the attacks are over');
  const settling = AbortSignal.any([crashed.signal, AbortSignal.timeout(options.settleMs)]);
  await settle(audience, reader, boxes, sent, settling).catch((error: unknown) =>
    report('the run', `did not settle: ${String(settling.reason ?? error)}`),
  );
  note('all is there, or will not come any more');

  const outcomes = await boxOutcomes.read(url, token);
  for (const [name, tally] of tallies) {
    const made = outcomes.get(name);
    if (made) tally.add(made.counts);
  }
  const records = [...audience.records, reader.record];
  findings.push(
    ...watch.failures.map(({ at, what }) => ({ who: '/readyz', what, at })),
    ...records.flatMap((record) => judgeHonest(record, sent, reader.record.received)),
  );
  await watch[Symbol.asyncDispose]();
  await reader[Symbol.asyncDispose]();
  await audience[Symbol.asyncDispose]();

  const stopMs = await stopUnderAttack(stage, target, options, note);
  if (gateway.end !== '0') report('the gateway', `ended with ${gateway.end}`);
  const latencies = latenciesOf(audience.records, sent, reader, watch, { quiet, hostile });
  const memory = watch.memory && { quiet: quietMemory ?? 0, most: watch.memory.most };
  return {
    findings,
    excesses: excessesOf(latencies, reader, memory?.most, stopMs),
    attacks: new Map([...tallies].map(([name, tally]) => [name, tally.counts])),
    latencies,
    memory,
    stopMs,
    machine,
    ownLagMs: Math.round(ownLag.percentile(99) / NS_PER_MS),
    sent: sent.length,
    timeline,
  };
}

const LAG_RESOLUTION_MS = 10;

const NS_PER_MS = 1e6;

/** Between two lines that tell how it goes, in ms. */
const PROGRESS_MS = 5_000;

/** Tells now and then how late the honest events of the last seconds were. */
function showProgress(
  note: (line: string) => void,
  { records }: Audience,
  sent: readonly SentEvent[],
  watch: GatewayWatch,
): Disposable {
  const seen = records.map(({ received }) => received.length);
  const timer = setInterval(() => {
    const fresh = records.flatMap(({ received }, client) => received.slice(seen[client]));
    records.forEach(({ received }, client) => {
      seen[client] = received.length;
    });
    const latest = fresh.reduce(
      (most, { serial, at }) => Math.max(most, at - (sent[serial]?.at ?? at)),
      0,
    );
    const memory = Math.round((watch.memory?.now ?? 0) / 2 ** 20);
    const answer = watch.answers.at(-1)?.ms;
    note(
      `${fresh.length} honest deliveries, ${latest} ms at most; /readyz ${answer} ms; ${memory} MiB`,
    );
  }, PROGRESS_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

const NEVER = new AbortController().signal;

const sleep = (seconds: number): Promise<void> => pause(seconds * 1_000, NEVER);

async function phase(happens: () => Promise<unknown>): Promise<{ from: number; to: number }> {
  const from = Date.now();
  await happens();
  return { from, to: Date.now() };
}

interface Told {
  readonly tallies: Map<AttackName, Tally>;
  readonly note: (line: string) => void;
  readonly report: (who: string, what: string) => void;
}

/** Has an attack happen when it is time. Settles when it is over. */
async function happen(
  attack: Attack,
  { clients, hostileBoxes }: Pick<Stage, 'clients' | 'hostileBoxes'>,
  target: Target,
  { tallies, note, report }: Told,
): Promise<void> {
  const { name } = attack;
  await pause(attack.at, NEVER);
  note(`${name} begins`);
  const attackers = ATTACKS[name].by === 'client' ? clients : hostileBoxes;
  const result = await attackers.attack(attack, target);
  if ('error' in result) {
    report(name, `the attack could not be carried out: ${result.error}`);
    return;
  }
  const tally = tallies.get(name) ?? new Tally();
  tally.add(result.counts);
  tallies.set(name, tally);
  note(`${name} is over: ${JSON.stringify(result.counts)}`);
}

/** Each honest box has its last word. Settles when each honest client has all that it asked for. */
async function settle(
  audience: Audience,
  reader: HistoryReader,
  boxes: Stage['boxes'],
  sent: Stage['sent'],
  signal: AbortSignal,
): Promise<void> {
  for (const box of boxes) box.speakLast();
  const wanted = new Map<string, number>();
  const hasAll = ({ name, interest, received }: ClientRecord) => {
    const count = wanted.get(name) ?? sent.filter(interest.wants).length;
    wanted.set(name, count);
    return received.length >= count;
  };
  await audience.until((records) => records.every(hasAll), signal);
  await reader.until(hasAll, signal);
}

/** @returns how long the gateway took to end while attacks went on, in ms. */
async function stopUnderAttack(
  stage: Stage,
  target: Target,
  { seed, scale }: Pick<HostileOptions, 'seed' | 'scale'>,
  note: (line: string) => void,
): Promise<number> {
  for (const name of LAST_ATTACKS) {
    const attack = { name, at: 0, ms: ATTACKS[name].ms, seed, scale };
    const attackers = ATTACKS[name].by === 'client' ? stage.clients : stage.hostileBoxes;
    void attackers.attack(attack, target);
  }
  await pause(LAST_BEFORE_STOP_MS, NEVER);
  note('SIGTERM');
  const ending = await phase(() => stage.gateway.stop());
  return ending.to - ending.from;
}
