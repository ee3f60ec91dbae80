import type { LinkState, SpoiltPicture } from '@se5/core';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ClusterFigures } from '../cluster/cluster.ts';
import type { BoxId } from '../config/ids.ts';
import type { FailureOutcome } from '../fanout/fanout.ts';
import type { BoxStatus } from '../fleet/directory.ts';
import type { ImageFigures } from '../images/image-store.ts';
import { addBoxMetrics, LINK_STATES } from './box-metrics.ts';
import { addClusterMetrics } from './cluster-metrics.ts';
import { addStorageMetrics, type StorageFigures } from './storage-metrics.ts';

/** What is not counted as it happens, but looked at when somebody asks. */
export interface MetricSources {
  /** The state of each link now. */
  links(): Iterable<LinkState['name']>;
  /** How each configured box stands now. */
  boxes(): Iterable<BoxStatus>;
  readonly storage: StorageFigures;
  /** ms since the Unix epoch. */
  now(): number;
  subscribers(): number;
  /** Answers to events that were made since the start. */
  executions(): number;
  images(): ImageFigures;
  /** Of answers that their clients have not read yet. */
  unreadBytes(): number;
  /** The largest lag of the event loop lately, in ms. */
  loopLagMs(): number;
  /** Lines of the log that could not be written since the start. */
  linesLost(): number;
  /** The same of the audit. */
  auditLinesLost(): number;
  /** Of the cluster; undefined before it has joined. Left out of a gateway by itself. */
  readonly cluster?: (() => ClusterFigures | undefined) | undefined;
}

/** Why nobody gets an event: the journal did not take it. */
export type DropReason = 'journal';

/** The figures of one gateway, in the text format of Prometheus. */
export interface Metrics {
  readonly event: (boxId: BoxId) => void;
  readonly duplicate: () => void;
  readonly unreadable: (boxId: BoxId) => void;
  readonly spoiltPicture: (
    boxId: BoxId,
    slot: SpoiltPicture['slot'],
    reason: SpoiltPicture['reason'],
  ) => void;
  /** What an outage came to, once it is filled in or given up. */
  readonly backfilled: (boxId: BoxId, recovered: number, isComplete: boolean) => void;
  readonly delivered: (count: number) => void;
  readonly dropped: (reason: DropReason) => void;
  readonly connectionRefused: (reason: 'all' | 'address') => void;
  readonly wrongToken: () => void;
  /** A record could not be handed out as it should. */
  readonly fanoutFailed: (outcome: FailureOutcome) => void;
  readonly journalIsWritten: (isWritten: boolean) => void;
  readonly imagesAreWritten: (areWritten: boolean) => void;
  /** This gateway listens to a box, which another one did or nobody. */
  readonly boxTaken: () => void;
  /** Another gateway listens to a box of this one. */
  readonly boxLost: () => void;
  readonly contentType: string;
  readonly render: () => Promise<string>;
}

/** In a registry of its own: a process may hold several gateways. */
export function createMetrics(sources: MetricSources): Metrics {
  const registers = [new Registry()];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name, help, labelNames, registers });

  const events = counter('se5_events_total', 'Events taken into the journal.', ['box']);
  const duplicates = counter('se5_duplicates_total', 'Events dropped: sent by a box before.');
  const unreadable = counter('se5_unreadable_total', 'Messages of a box skipped as unreadable.', [
    'box',
  ]);
  const spoilt = counter(
    'se5_spoilt_pictures_total',
    'Values that are not a picture. reason: format, an unknown format; base64, invalid base64, and dropped.',
    ['box', 'slot', 'reason'],
  );
  const recovered = counter(
    'se5_backfilled_total',
    'Events of se5_events_total that were missed, and then read back from their box.',
    ['box'],
  );
  const backfills = counter(
    'se5_backfills_total',
    'Outages that ended. result: complete, or incomplete with a gap for the rest.',
    ['box', 'result'],
  );
  const deliveries = counter(
    'se5_deliveries_total',
    'Events delivered to subscribers; an event counts once for each subscriber.',
  );
  const drops = counter(
    'se5_drops_total',
    'Events that reach nobody. journal: the journal could not take the event.',
    ['reason'],
  );
  drops.inc({ reason: 'journal' satisfies DropReason }, 0);
  const fanoutFailures = counter(
    'se5_fanout_failures_total',
    'Internal failures during delivery. outcome: retried, the affected subscriptions read the record from the journal; ended, a subscription ended with an error.',
    ['outcome'],
  );
  for (const outcome of FAILURE_OUTCOMES) fanoutFailures.inc({ outcome }, 0);
  new Counter({
    name: 'se5_executions_total',
    help: 'Answers to events that were made; one goes to all subscribers who want the same.',
    registers,
    collect() {
      this.reset();
      this.inc(sources.executions());
    },
  });
  const journal = new Gauge({
    name: 'se5_journal_up',
    help: '1 while events are written to the journal, 0 while they are kept in memory only.',
    registers,
  });
  journal.set(1);
  new Gauge({
    name: 'se5_links',
    help: 'Links to boxes, by state.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of LINK_STATES) this.set({ state }, 0);
      for (const state of sources.links()) this.inc({ state });
    },
  });
  addBoxMetrics(registers, () => sources.boxes());
  const { boxTaken, boxLost } = sources.cluster
    ? addClusterMetrics(registers, sources.cluster)
    : NO_CLUSTER;
  addStorageMetrics(registers, sources.storage, () => sources.now());
  new Gauge({
    name: 'se5_subscribers',
    help: 'Subscriptions to recognition events that are open.',
    registers,
    collect() {
      this.set(sources.subscribers());
    },
  });

  const refusals = counter(
    'se5_connections_refused_total',
    'Connections closed before anything was read: too many in all, or from one address.',
    ['reason'],
  );
  for (const reason of ['all', 'address']) refusals.inc({ reason }, 0);
  const wrongTokens = counter('se5_wrong_tokens_total', 'Wrong tokens that were sent.');
  new Gauge({
    name: 'se5_unread_bytes',
    help: 'Of answers that their clients have not read yet.',
    registers,
    collect() {
      this.set(sources.unreadBytes());
    },
  });

  const images = new Gauge({
    name: 'se5_images_up',
    help: '1 while pictures are kept as configured, 0 while their folder can’t be written.',
    registers,
  });
  images.set(1);
  new Gauge({
    name: 'se5_images',
    help: 'Pictures that are kept.',
    registers,
    collect() {
      this.set(sources.images().pictures);
    },
  });
  new Gauge({
    name: 'se5_images_bytes',
    help: 'What the pictures that are kept take.',
    registers,
    collect() {
      this.set(sources.images().bytes);
    },
  });
  new Counter({
    name: 'se5_images_lost_total',
    help: 'Pictures that should have been kept, and could not be; their events were delivered.',
    registers,
    collect() {
      this.reset();
      this.inc(sources.images().lost);
    },
  });

  new Gauge({
    name: 'se5_loop_lag_seconds',
    help: 'For how long nobody was served: the largest lag of the event loop in the last 30 to 60 s.',
    registers,
    collect() {
      this.set(sources.loopLagMs() / 1_000);
    },
  });
  new Counter({
    name: 'se5_log_lines_lost_total',
    help: 'Lines of the log that could not be written.',
    registers,
    collect() {
      this.reset();
      this.inc(sources.linesLost());
    },
  });

  new Counter({
    name: 'se5_audit_lines_lost_total',
    help: 'Lines of the audit that could not be written.',
    registers,
    collect() {
      this.reset();
      this.inc(sources.auditLinesLost());
    },
  });

  const all = Registry.merge([...registers, processRegistry()]);
  return {
    event: (box) => events.inc({ box }),
    duplicate: () => duplicates.inc(),
    unreadable: (box) => unreadable.inc({ box }),
    spoiltPicture: (box, slot, reason) => spoilt.inc({ box, slot, reason }),
    backfilled: (box, events, isComplete) => {
      recovered.inc({ box }, events);
      backfills.inc({ box, result: isComplete ? 'complete' : 'incomplete' });
    },
    delivered: (count) => deliveries.inc(count),
    dropped: (reason) => drops.inc({ reason }),
    connectionRefused: (reason) => refusals.inc({ reason }),
    wrongToken: () => wrongTokens.inc(),
    fanoutFailed: (outcome) => fanoutFailures.inc({ outcome }),
    journalIsWritten: (isWritten) => journal.set(isWritten ? 1 : 0),
    boxTaken,
    boxLost,
    imagesAreWritten: (areWritten) => images.set(areWritten ? 1 : 0),
    contentType: all.contentType,
    render: () => all.metrics(),
  };
}

const NO_CLUSTER = { boxTaken() {}, boxLost() {} };

const FAILURE_OUTCOMES = Object.keys({
  retried: true,
  ended: true,
} satisfies Record<FailureOutcome, true>);

let ofProcess: Registry | undefined;

/** The process's own figures are watched once, whatever the number of gateways. */
function processRegistry(): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
  }
  return ofProcess;
}
