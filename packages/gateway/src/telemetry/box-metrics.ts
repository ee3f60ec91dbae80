import type { LinkState } from '@se5/core';
import { Gauge, type Registry } from 'prom-client';
import type { BoxStatus } from '../fleet/directory.ts';

/**
 * How each box stands, looked at when somebody asks. Only configured boxes have series, nine each
 * at most; what is not known of one yet is absent.
 */
export function addBoxMetrics(registers: Registry[], boxes: () => Iterable<BoxStatus>): void {
  const gauge = (name: string, help: string, figureOf: (status: BoxStatus) => number | undefined) =>
    new Gauge({
      name,
      help,
      labelNames: ['box'],
      registers,
      collect() {
        this.reset();
        for (const status of boxes()) {
          const value = figureOf(status);
          if (value !== undefined) this.set({ box: status.boxId }, value);
        }
      },
    });

  new Gauge({
    name: 'se5_box_link',
    help: '1 for the state that the link to a box is in, 0 for the others.',
    labelNames: ['box', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { boxId: box, link } of boxes()) {
        for (const state of LINK_STATES) this.set({ box, state }, link.name === state ? 1 : 0);
      }
    },
  });
  gauge(
    'se5_box_link_since_timestamp_seconds',
    'When the link entered its state; for a lost link, when it was lost.',
    ({ link }) => link.since / 1000,
  );
  gauge(
    'se5_box_last_event_timestamp_seconds',
    'When the box last sent an event.',
    ({ lastEventAt }) => lastEventAt && lastEventAt / 1000,
  );
  gauge(
    'se5_box_backfill_running',
    '1 while what was missed of a box is read back, or waits for that.',
    ({ backfill }) => (backfill?.state === 'RUNNING' ? 1 : 0),
  );
  gauge(
    'se5_box_clock_offset_seconds',
    'How far the box’s clock is ahead of the gateway’s; negative when it is behind.',
    ({ clockOffsetMs }) => (clockOffsetMs === undefined ? undefined : clockOffsetMs / 1000),
  );
}

export const LINK_STATES = Object.keys({
  CONNECTING: true,
  LIVE: true,
  SILENT: true,
  BACKING_OFF: true,
  STOPPED: true,
} satisfies Record<LinkState['name'], true>);
