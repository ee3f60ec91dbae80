import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Audience } from './audience.ts';
import type { Percentiles } from './tally.ts';

/** In which rhythm events leave the boxes, and how long. */
export type Pace = { readonly durationMs: number } & (
  | {
      /** The next burst when everybody has got the one before; at least three bursts. */
      readonly kind: 'lockstep';
      readonly eventsPerBurst: number;
    }
  /** As fast as they are delivered: never more than `inFlight` events under way. */
  | { readonly kind: 'saturated'; readonly inFlight: number }
  /** One at a time by the clock, whether the last has been delivered or not; at least one. */
  | { readonly kind: 'steady'; readonly intervalMs: number }
);

/** What the load has seen of one run, in which everybody got every event once. */
export interface RunReport {
  readonly events: number;
  readonly deliveries: number;
  /** From the first event's leaving to the last delivery's arrival. */
  readonly elapsedMs: number;
  /** The share of the time in which the load's event loop was busy, 0 to 1. */
  readonly loadBusy: number;
  /** At a steady pace only. */
  readonly latencyMs: Percentiles | undefined;
}

/** Between bursts in lockstep, in ms: the server comes to rest, so that each comes by itself. */
const REST_MS = 2;

/** However long one takes: of fewer, one would say too much. */
const MIN_BURSTS = 3;

/** How often it is looked whether more can be sent, in ms. */
const TOP_UP_MS = 1;

/** Sends events, and settles when everybody has them. @throws when somebody does not get each once. */
export async function runTraffic(audience: Audience, pace: Pace): Promise<RunReport> {
  const { tally, server } = audience;
  tally.begin(pace.kind === 'steady');
  const sentBefore = server.boxes.sent;
  const busyBefore = performance.eventLoopUtilization();
  const start = performance.now();
  await send(audience, pace);
  await tally.reach();
  const elapsedMs = performance.now() - start;
  const { utilization } = performance.eventLoopUtilization(busyBefore);

  const discrepancy = tally.discrepancy();
  if (discrepancy !== undefined) throw new Error(discrepancy);
  return {
    events: server.boxes.sent - sentBefore,
    deliveries: tally.arrived,
    elapsedMs,
    loadBusy: utilization,
    latencyMs: tally.latencyMs,
  };
}

async function send(audience: Audience, pace: Pace): Promise<void> {
  const { tally } = audience;
  const start = performance.now();
  const isOver = () => performance.now() - start >= pace.durationMs;
  switch (pace.kind) {
    case 'lockstep':
      for (let burst = 0; burst < MIN_BURSTS || !isOver(); burst += 1) {
        sendEvents(audience, pace.eventsPerBurst);
        await tally.reach();
        await delay(REST_MS);
      }
      return;
    case 'saturated':
      while (!isOver()) {
        tally.check();
        sendEvents(audience, pace.inFlight - tally.underWay);
        await delay(TOP_UP_MS);
      }
      return;
    case 'steady':
      for (let dueMs = 0; dueMs < pace.durationMs; dueMs += pace.intervalMs) {
        await delay(Math.max(0, start + dueMs - performance.now()));
        sendEvents(audience, 1);
      }
  }
}

function sendEvents({ tally, server }: Audience, count: number): void {
  for (let event = 0; event < count; event += 1) {
    tally.expect();
    server.boxes.send();
  }
}

/** For operations that have just been sent to come into force, in ms. */
const SETTLE_MS = 100;

/** For one event to arrive, in ms: after that no more deliveries of it come. */
const SILENCE_MS = 5_000;
const MAX_PASSES = 15;

/**
 * Settles when all subscriptions are in force. The protocol has no word for it, so events are sent
 * until one of them reaches everybody.
 */
export async function synchronise(audience: Audience): Promise<void> {
  const { tally } = audience;
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    await delay(SETTLE_MS);
    tally.begin();
    sendEvents(audience, 1);
    await tally.settled(SILENCE_MS);
    // A delivery that comes now was not expected.
    await delay(SETTLE_MS);
    if (tally.discrepancy() === undefined) return;
  }
  throw new Error(`new subscribers don't get every event once: ${tally.discrepancy()}`);
}
