import type { Clock } from '@se5/core';
import type { JournalConfig, NatsConfig } from '../config/config.ts';
import type { ErasureElsewhere } from '../images/image-store.ts';
import { toCursorKey } from '../journal/cursor.ts';
import { JournalError } from '../journal/journal-error.ts';
import { Log } from '../journal/nats/log.ts';
import { type LogObserver, NatsJournal } from '../journal/nats/nats-journal.ts';
import type { JournalFileObserver } from '../journal/open-journal.ts';
import type { Recognition } from '../journal/recognition.ts';
import { setAside } from '../journal/sqlite/database.ts';
import { openSqliteJournal, type SqliteJournal } from '../journal/sqlite/sqlite-journal.ts';
import type { ClusterKeys } from '../privacy/cluster-keys.ts';
import { namedBy } from '../privacy/erasure-notice.ts';
import { Keyring } from '../privacy/keyring.ts';
import { SharedKeys } from '../privacy/shared/shared-keys.ts';
import { SharedKeysError } from '../privacy/shared/shared-keys-error.ts';
import type { Shares } from '../storage/shares.ts';
import type { ClusterError } from './cluster-error.ts';
import { connectToNats, type NatsLink } from './connect.ts';
import { untilAvailable } from './until-available.ts';

/** Who is told of NATS; synchronous, must not throw. */
export interface NatsObserver {
  /** The gateway can't start yet: told after each attempt. */
  waiting(error: ClusterError): void;
  /** NATS refuses what a gateway does that runs. */
  refused(error: ClusterError): void;
}

/** How often it is looked whether keys are used no more, in ms. */
const COLLECT_MS = 3_600_000;

export interface SharedJournalOptions {
  readonly journal: JournalConfig;
  readonly nats: NatsConfig;
  /** The name of this gateway. */
  readonly gateway: string;
  /** The path of the key file. */
  readonly keys: string;
  readonly keysKeepMs: number | undefined;
  readonly clock: Clock;
  readonly shares: Shares;
  readonly observer: JournalFileObserver & LogObserver & NatsObserver;
  /** Ends the waiting for NATS. */
  readonly signal: AbortSignal | undefined;
  /** Told of each erasure in the cluster, until it resolves. The journal follows it by itself. */
  readonly erased: (erasure: ErasureElsewhere) => Promise<void>;
  /** See `NatsJournalOptions`. */
  readonly picturesStored: (event: Recognition) => Promise<void> | undefined;
}

/** A journal on NATS with all that it needs, which ends with it. */
export interface SharedJournal extends AsyncDisposable {
  readonly journal: NatsJournal;
  readonly link: NatsLink;
  /** The name of the stream. */
  readonly stream: string;
  readonly replicas: number;
  readonly keys: ClusterKeys;
  /** See `untilAvailable`. */
  readonly untilAvailable: <Result>(attempt: () => Promise<Result>) => Promise<Result>;
}

/**
 * Connects to NATS, waiting until it can be used, takes over the keys of the cluster, and opens the
 * file of this gateway.
 *
 * @throws {ClusterError | SharedKeysError | JournalError | KeyFileError} when somebody has to see
 *   to the configuration, the file or the servers; the signal's reason when it aborts.
 */
export async function openSharedJournal(options: SharedJournalOptions): Promise<SharedJournal> {
  const { nats, gateway, observer, clock, keysKeepMs } = options;
  const { path, sync, keepMs, maxBytes } = options.journal;
  await using stack = new AsyncDisposableStack();
  const { stream, replicas } = nats;
  const waiting = (error: ClusterError) => observer.waiting(error);
  const whenAvailable: SharedJournal['untilAvailable'] = (attempt) =>
    untilAvailable(attempt, { stream, waiting, signal: options.signal });
  const link = stack.use(
    await whenAvailable(() =>
      connectToNats(nats, `se5-gateway ${gateway}`, (refusal) => observer.refused(refusal)),
    ),
  );
  const { connection, isUp } = link;
  const log = await whenAvailable(() =>
    Log.open(connection, { stream, replicas, keepMs, maxBytes, isUp }),
  );
  const opened = Promise.withResolvers<SqliteJournal>();
  opened.promise.catch(() => {});
  const keys = stack.use(
    await SharedKeys.open({
      ...{ connection, replicas, path: options.keys, clock },
      keepMs: keysKeepMs ?? keepMs,
      stream: `${stream}_keys`,
      log: () => log.incarnation(),
      forgotten: async (notice) => {
        const { uncovered } = notice;
        const model = await opened.promise;
        const names = namedBy(notice, keyring.file);
        await Promise.all([model.followErasure(notice), options.erased({ uncovered, names })]);
      },
      fault: (error) => observer.unavailable(error),
    }),
  );
  const keyring = stack.use(new Keyring(options.keys));
  const clusterKeys: ClusterKeys = {
    keyring,
    prepare: (subjects) => keys.prepare(subjects),
    fetch: (by) => keys.fetch(by),
    forget: (target) => keys.forget(target),
    erased: keys.erased,
  };
  const openFile = () =>
    openSqliteJournal(
      { path, keys: options.keys, sync, limits: { keepMs, maxBytes, shares: options.shares } },
      { observer, clock, keysKeepMs },
    );
  // The log has everything, so that a new file is filled again.
  const model = await openFile().catch((error: unknown) => {
    if (!(error instanceof JournalError) || error.code !== 'DAMAGED') throw error;
    observer.setAside(path, setAside(path));
    return openFile();
  });
  stack.use(model);
  opened.resolve(model);
  if (keysKeepMs !== undefined) {
    const collect = () => {
      keys.collect(model.retentionClock.now() - keysKeepMs).catch((error: unknown) => {
        const isClosed = error instanceof SharedKeysError && error.code === 'CLOSED';
        if (!isClosed) observer.unavailable(error);
      });
    };
    const collecting = setInterval(collect, COLLECT_MS).unref();
    stack.defer(() => clearInterval(collecting));
    collect();
  }
  const secret = Buffer.from(keyring.file.secretFor('cursors'), 'base64url');
  const journal = stack.use(
    await whenAvailable(() =>
      NatsJournal.open({
        ...{ log, model, gateway, observer },
        isConnected: isUp,
        cursorKey: toCursorKey(secret.subarray(0, 16)),
        keys: clusterKeys,
        picturesStored: options.picturesStored,
      }),
    ),
  );
  const held = stack.move();
  return {
    journal,
    link,
    keys: clusterKeys,
    stream,
    replicas,
    untilAvailable: whenAvailable,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
