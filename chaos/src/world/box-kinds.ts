import type { BoxKind } from './simulated-box.ts';

const HOUR_MS = 3_600_000;

/** Boxes as they are in the field: with clocks that are off, short memories, old firmware. */
export const boxKinds = (seed: number): readonly BoxKind[] => [
  {
    siteId: 'north',
    boxId: 'plain',
    options: { seed },
    hasMemory: true,
  },
  {
    siteId: 'north',
    boxId: 'oldest-first',
    options: { seed: seed + 1, archive: { order: 'ascending' } },
    hasMemory: true,
  },
  {
    siteId: 'north',
    boxId: 'slow-clock',
    options: { seed: seed + 2, clockOffsetMs: -HOUR_MS },
    hasMemory: true,
  },
  {
    siteId: 'south',
    boxId: 'forgetful',
    options: { seed: seed + 3, archive: { keepMs: 8_000 } },
    hasMemory: true,
  },
  {
    siteId: 'south',
    boxId: 'old',
    options: { seed: seed + 4 },
    hasMemory: false,
  },
];
