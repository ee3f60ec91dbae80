import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '@se5/simulator';
import { expect, it } from 'vitest';
import type { BoxStatus } from '../../src/fleet/directory.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { startGateway } from '../support/gateways.ts';
import { boxId } from '../support/recognitions.ts';
import { IDLE } from '../support/telemetry.ts';

const figuresOf = async (text: Promise<string>): Promise<string[]> =>
  (await text).split('\n').filter((line) => /^se5_(?:box|journal|disk)_/.test(line));

const away: BoxStatus = {
  boxId: boxId('gate'),
  link: {
    name: 'CONNECTING',
    since: 1_000,
    attemptedAt: 7_000,
    attempts: 3,
    lastError: undefined,
  },
  devicesError: undefined,
  lastEventAt: undefined,
  clockOffsetMs: undefined,
  backfill: undefined,
};
const up: BoxStatus = {
  boxId: boxId('lobby'),
  link: { name: 'LIVE', since: 2_500 },
  devicesError: undefined,
  lastEventAt: 9_000,
  clockOffsetMs: -250,
  backfill: {
    state: 'RUNNING',
    from: 0,
    to: 1,
    recovered: 0,
    missingPictures: 0,
    error: undefined,
  },
};

it('tell of each box how it stands, and nothing that is not known', async () => {
  let boxes = [away, up];
  const metrics = createMetrics({ ...IDLE, boxes: () => boxes });
  expect(await figuresOf(metrics.render())).toEqual([
    'se5_journal_up 1',
    'se5_box_link{box="gate",state="CONNECTING"} 1',
    'se5_box_link{box="gate",state="LIVE"} 0',
    'se5_box_link{box="gate",state="SILENT"} 0',
    'se5_box_link{box="gate",state="BACKING_OFF"} 0',
    'se5_box_link{box="gate",state="STOPPED"} 0',
    'se5_box_link{box="lobby",state="CONNECTING"} 0',
    'se5_box_link{box="lobby",state="LIVE"} 1',
    'se5_box_link{box="lobby",state="SILENT"} 0',
    'se5_box_link{box="lobby",state="BACKING_OFF"} 0',
    'se5_box_link{box="lobby",state="STOPPED"} 0',
    'se5_box_link_since_timestamp_seconds{box="gate"} 1',
    'se5_box_link_since_timestamp_seconds{box="lobby"} 2.5',
    'se5_box_last_event_timestamp_seconds{box="lobby"} 9',
    'se5_box_backfill_running{box="gate"} 0',
    'se5_box_backfill_running{box="lobby"} 1',
    'se5_box_clock_offset_seconds{box="lobby"} -0.25',
  ]);
  boxes = [];
  expect(await figuresOf(metrics.render())).toEqual(['se5_journal_up 1']);
});

it('tell what the disk holds, and leave out what can’t be told', async () => {
  let oldest: number | undefined = 30_000;
  const metrics = createMetrics({
    ...IDLE,
    now: () => 90_500,
    storage: {
      journalBytes: async () => 4_096,
      oldestReceivedAt: async () => oldest,
      freeBytes: async (of) => (of === 'journal' ? 1e9 : undefined),
    },
  });
  const figures = [
    'se5_journal_bytes 4096',
    'se5_journal_oldest_age_seconds 60.5',
    'se5_disk_free_bytes{of="journal"} 1000000000',
  ];
  expect((await figuresOf(metrics.render())).slice(1)).toEqual(figures);
  oldest = undefined;
  expect((await figuresOf(metrics.render())).slice(1)).toEqual([figures[0], figures[2]]);
});

it('come from the boxes, the journal and the disk of a gateway', async () => {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'se5-metrics-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const simulator = opened.use(await startSimulator());
  const config = { journal: { path: join(folder, 'journal.db') } };
  const gateway = opened.use(await startGateway({ simulators: [simulator], config }));
  await simulator.until(({ configurations }) => configurations.length > 0);
  simulator.emit();
  const figures = () => figuresOf(fetch(`${gateway.url}/metrics`).then((answer) => answer.text()));
  await expect
    .poll(figures)
    .toContainEqual(expect.stringMatching(/^se5_journal_oldest_age_seconds \d/));
  expect(await figures()).toEqual(
    expect.arrayContaining([
      'se5_box_link{box="box-1",state="LIVE"} 1',
      expect.stringMatching(/^se5_box_last_event_timestamp_seconds\{box="box-1"\} \d{10}/),
      expect.stringMatching(/^se5_box_clock_offset_seconds\{box="box-1"\} /),
      expect.stringMatching(/^se5_journal_bytes [1-9]/),
      expect.stringMatching(/^se5_disk_free_bytes\{of="journal"\} [1-9]/),
      expect.stringMatching(/^se5_disk_free_bytes\{of="images"\} [1-9]/),
    ]),
  );
});
