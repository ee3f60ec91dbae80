import { setTimeout as delay } from 'node:timers/promises';
import type { Audience } from './audience.ts';
import type { Pace } from './pace.ts';
import type { Sender } from './sender.ts';

/** Between bursts in lockstep, in ms: the server comes to rest, so that each comes by itself. */
const REST_MS = 2;

/** However long one takes: of fewer, one would say too much. */
const MIN_BURSTS = 3;

/** How often it is looked whether more can be sent, in ms. */
const TOP_UP_MS = 1;

/** Of events that are written at once when more can be sent. */
const TOP_UP_EVENTS = 50;

/** Sends events at the given pace, and settles when all who want them have them. */
export async function sendTraffic(pace: Pace, sender: Sender, audience: Audience): Promise<void> {
  switch (pace.kind) {
    case 'lockstep': {
      const end = performance.now() + pace.durationMs;
      for (let burst = 0; burst < MIN_BURSTS || performance.now() < end; burst += 1) {
        for (let event = 0; event < pace.eventsPerBurst; event += 1) audience.tally.sent();
        sender.send(pace.eventsPerBurst);
        await audience.tally.reach(sender.deliveries);
        await delay(REST_MS);
      }
      return;
    }
    case 'saturated': {
      const end = performance.now() + pace.durationMs;
      while (performance.now() < end) {
        topUp(pace.inFlight, sender, audience);
        await Promise.all([sender.drained(), delay(TOP_UP_MS)]);
        audience.check();
      }
      return audience.tally.reach(sender.deliveries);
    }
    case 'steady': {
      const start = performance.now();
      for (let event = 0; event < pace.events; event += 1) {
        await delay(Math.max(0, start + event * pace.intervalMs - performance.now()));
        audience.tally.sent();
        sender.send(1);
      }
      return audience.tally.reach(sender.deliveries);
    }
  }
}

function topUp(inFlight: number, sender: Sender, audience: Audience): void {
  for (;;) {
    const missing = sender.deliveries - audience.tally.total;
    const perEvent = sender.deliveries / Math.max(1, sender.events);
    const room = inFlight - Math.ceil(missing / Math.max(1, perEvent));
    if (room < 1) return;
    if (!sender.send(Math.min(room, TOP_UP_EVENTS))) return;
  }
}
