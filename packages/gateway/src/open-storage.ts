import type { Clock } from '@se5/core';
import { openSharedJournal, type SharedJournal } from './cluster/open-shared-journal.ts';
import { shareImages } from './cluster/share-images.ts';
import type { GatewayConfig } from './config/config.ts';
import type { ImageStore } from './images/image-store.ts';
import { openImageStore } from './images/open-image-store.ts';
import type { SharedImageStore } from './images/shared/shared-image-store.ts';
import type { Journal } from './journal/journal.ts';
import { openJournal } from './journal/open-journal.ts';
import { holdKeyFile } from './privacy/hold-key-file.ts';
import { endSharing } from './privacy/shared/key-mirror.ts';
import type { Telemetry } from './telemetry/gateway-telemetry.ts';

export interface StorageOptions {
  readonly telemetry: Pick<Telemetry, 'journal' | 'log' | 'images'>;
  readonly clock: Clock;
  /** Ends the waiting for NATS. */
  readonly signal: AbortSignal | undefined;
  /** Called after each attempt to delete the pictures of an erasure in the cluster, also a failed one. */
  readonly erasedElsewhere: () => void;
}

/** What a gateway keeps: closed with it, the pictures first. */
export interface Storage extends AsyncDisposable {
  readonly journal: Journal;
  readonly images: ImageStore;
  /** The same journal, where several gateways share it, with what the cluster needs. */
  readonly shared: SharedJournal | undefined;
}

/**
 * Opens journal and pictures: on this machine alone, or those of a cluster.
 *
 * @throws as `createGateway`.
 */
export async function openStorage(
  config: GatewayConfig,
  { telemetry, clock, signal, erasedElsewhere }: StorageOptions,
): Promise<Storage> {
  await using parts = new AsyncDisposableStack();
  const { keys } = config.privacy;
  const keyFile = parts.use(holdKeyFile(keys));
  const keysKeepMs = keyFile.isHeld
    ? Math.max(config.journal.keepMs, config.images.keepMs)
    : undefined;
  const kept = { keys, keysKeepMs, clock, shares: storageShares(config) };
  const { nats } = config.journal;
  if (!nats && keyFile.isHeld) leaveCluster(keys);
  let sharedImages: SharedImageStore | undefined;
  const openImages = Promise.withResolvers<ImageStore>();
  const shared =
    nats &&
    parts.use(
      await openSharedJournal({
        ...{ ...kept, journal: config.journal, nats, gateway: config.cluster.name },
        signal,
        observer: telemetry.log,
        erased: async (erasure) => {
          try {
            await (await openImages.promise).follow(erasure);
          } finally {
            erasedElsewhere();
          }
        },
        picturesStored: ({ pictures }) =>
          sharedImages?.stored(Object.values(pictures).map(({ key }) => key)),
      }),
    );
  const journal =
    shared?.journal ?? parts.use(await openJournal(config.journal, telemetry.journal, kept));
  const local = parts.use(await openImageStore(config.images, telemetry.images, kept));
  if (shared) {
    sharedImages = parts.use(await shareImages(shared, local, config.images, telemetry.images));
    openImages.resolve(sharedImages);
  }
  // Last: of another gateway with the same data, its journal or its pictures are to be named.
  keyFile.assertNotInUse();
  const held = parts.move();
  return {
    ...{ journal, shared, images: sharedImages ?? local },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** A gateway that has left its cluster makes its keys by itself again. */
function leaveCluster(keys: string): void {
  try {
    endSharing(keys);
  } catch {
    // Opening the stores says what is wrong with the file.
  }
}

const storageShares = ({ sites }: GatewayConfig): ReadonlyMap<string, number> =>
  new Map(sites.flatMap(({ boxes }) => boxes.map(({ id, storageShare }) => [id, storageShare])));
