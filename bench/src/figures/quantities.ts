import type { Reading } from './session.ts';

/** What is read off a run. Times in µs. */

export const cpuPerDelivery = ({ cpuMicros, deliveries }: Reading): number =>
  cpuMicros / deliveries;
export const cpuPerEvent = ({ cpuMicros, events }: Pick<Reading, 'cpuMicros' | 'events'>): number =>
  cpuMicros / events;
export const deliveriesPerSecond = ({ deliveries, elapsedMs }: Reading): number =>
  (deliveries * 1_000) / elapsedMs;
export const eventsPerSecond = ({ events, elapsedMs }: Reading): number =>
  (events * 1_000) / elapsedMs;
export const loadBusy = (reading: Reading): number => reading.loadBusy;

export const serverBusy = (reading: Reading): number => reading.serverBusy;

export const CPU_PER_DELIVERY = 'µs CPU a delivery';
export const CPU_PER_EVENT = 'µs CPU an event';

/** 5000 → 5,000. */
export const count = (value: number): string => value.toLocaleString('en');
