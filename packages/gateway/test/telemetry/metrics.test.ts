import { expect, it } from 'vitest';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { boxId } from '../support/recognitions.ts';
import { IDLE } from '../support/telemetry.ts';

const figures = async (metrics: ReturnType<typeof createMetrics>): Promise<string[]> =>
  (await metrics.render()).split('\n').filter((line) => line.startsWith('se5_'));

it('the figures of a gateway begin at zero, and name every state of a link', async () => {
  expect(await figures(createMetrics(IDLE))).toEqual([
    'se5_duplicates_total 0',
    'se5_deliveries_total 0',
    'se5_drops_total{reason="journal"} 0',
    'se5_fanout_failures_total{outcome="retried"} 0',
    'se5_fanout_failures_total{outcome="ended"} 0',
    'se5_executions_total 0',
    'se5_journal_up 1',
    'se5_links{state="CONNECTING"} 0',
    'se5_links{state="LIVE"} 0',
    'se5_links{state="SILENT"} 0',
    'se5_links{state="BACKING_OFF"} 0',
    'se5_links{state="STOPPED"} 0',
    'se5_subscribers 0',
    'se5_connections_refused_total{reason="all"} 0',
    'se5_connections_refused_total{reason="address"} 0',
    'se5_wrong_tokens_total 0',
    'se5_unread_bytes 0',
    'se5_images_up 1',
    'se5_images 0',
    'se5_images_bytes 0',
    'se5_images_lost_total 0',
    'se5_loop_lag_seconds 0',
    'se5_log_lines_lost_total 0',
    'se5_audit_lines_lost_total 0',
  ]);
});

it('the figures tell what happened, and how things stand when they are asked for', async () => {
  const links = ['LIVE', 'LIVE', 'BACKING_OFF'] as const;
  const metrics = createMetrics({
    ...IDLE,
    links: () => links,
    subscribers: () => 3,
    executions: () => 5,
  });
  metrics.event(boxId('lobby'));
  metrics.event(boxId('lobby'));
  metrics.duplicate();
  metrics.unreadable(boxId('gate'));
  metrics.delivered(7);
  metrics.dropped('journal');
  for (const asked of [1, 2]) {
    expect(await figures(metrics), `asked ${asked} times`).toEqual(
      expect.arrayContaining([
        'se5_events_total{box="lobby"} 2',
        'se5_duplicates_total 1',
        'se5_unreadable_total{box="gate"} 1',
        'se5_deliveries_total 7',
        'se5_executions_total 5',
        'se5_drops_total{reason="journal"} 1',
        'se5_links{state="LIVE"} 2',
        'se5_links{state="BACKING_OFF"} 1',
        'se5_links{state="STOPPED"} 0',
        'se5_subscribers 3',
      ]),
    );
  }
});

it('two gateways in one process do not count together, but share the figures of the process', async () => {
  const [one, other] = [0, 0].map(() => createMetrics(IDLE));
  one?.duplicate();
  expect(await other?.render()).toContain('se5_duplicates_total 0');
  expect(await other?.render()).toContain('process_resident_memory_bytes');
});
