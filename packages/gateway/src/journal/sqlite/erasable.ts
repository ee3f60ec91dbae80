import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { type ErasableEvents, type ErasureTarget, erasableOf } from '../erasure.ts';
import { EVENT_SELECT, toEventRecord } from './rows.ts';
import { BLOCK_SIZE } from './schema.ts';

/** Events that go at once: so few that whoever waits for the file notices nothing. */
const STEP_EVENTS = 200;

/** How long is looked for some before others have their turn, in ms. */
const SLICE_MS = 10;

export interface ErasureStep extends ErasableEvents {
  readonly positions: readonly number[];
  /** The block to go on with; undefined when there is no more. */
  readonly next: number | undefined;
}

/** `isErasable`, for SQLite. */
export const isErasableSql = (
  target: ErasureTarget,
): { readonly where: string; readonly values: readonly SQLInputValue[] } =>
  target.kind === 'identity'
    ? { where: 'identity_id = ?', values: [target.identityId] }
    : { where: '(received_at < ? OR occurred_at < ?)', values: [target.time, target.time] };

/** The next events to go, from the block on; maybe none yet. */
export function findErasable(
  database: DatabaseSync,
  target: ErasureTarget,
  from: number,
  newest: number,
): ErasureStep {
  const { where, values } = isErasableSql(target);
  // The index by identity begins with the block; by time, all of a block is read.
  const block =
    target.kind === 'identity' ? 'position >> 12 = ?' : 'position >= ? AND position < ?';
  const find = database.prepare(`${EVENT_SELECT} WHERE ${block} AND ${where} LIMIT ${STEP_EVENTS}`);
  const last = Math.floor(newest / BLOCK_SIZE);
  const until = performance.now() + SLICE_MS;
  for (let at = from; at <= last; at += 1) {
    const range = target.kind === 'identity' ? [at] : [at * BLOCK_SIZE, (at + 1) * BLOCK_SIZE];
    const records = find.all(...range, ...values).map(toEventRecord);
    if (records.length > 0) {
      const positions = records.map(({ position }) => position);
      return { positions, next: at, ...erasableOf(records.map(({ event }) => event)) };
    }
    if (performance.now() > until) return { positions: [], next: at + 1, ...erasableOf([]) };
  }
  return { positions: [], next: undefined, ...erasableOf([]) };
}
