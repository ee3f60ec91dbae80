import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Gauge, type Registry } from 'prom-client';
import { type GatewayConfig, MEMORY_ONLY } from '../config/config.ts';
import type { Journal } from '../journal/journal.ts';

/** What is on the disk, and how much more fits; undefined where it can't be told. */
export interface StorageFigures {
  /** The journal's file with its write-ahead log. */
  journalBytes(): Promise<number | undefined>;
  /** When the oldest event of the journal came, in ms since the Unix epoch. */
  oldestReceivedAt(): Promise<number | undefined>;
  /** Of the file system that `journal` or `images` are on, for this user. */
  freeBytes(folder: 'journal' | 'images'): Promise<number | undefined>;
}

/** Absent where the journal or the pictures are in memory. */
export function storageFigures(
  { journal: { path: journalPath }, images }: Pick<GatewayConfig, 'journal' | 'images'>,
  journal: () => Pick<Journal, 'history'>,
): StorageFigures {
  const folders = { journal: dirname(journalPath), images: images.path };
  const isOnDisk = {
    journal: journalPath !== MEMORY_ONLY,
    images: images.capture !== 'never' && images.path !== MEMORY_ONLY,
  };
  return {
    async journalBytes() {
      if (!isOnDisk.journal) return undefined;
      const bytes = await known(stat(journalPath).then(({ size }) => size));
      const logBytes = await known(stat(`${journalPath}-wal`).then(({ size }) => size));
      return bytes === undefined ? undefined : bytes + (logBytes ?? 0);
    },
    async oldestReceivedAt() {
      const oldest = { filter: {}, take: { from: 'first', count: 1 } } as const;
      return (await known(journal().history(oldest)))?.records[0]?.event.receivedAt;
    },
    async freeBytes(folder) {
      if (!isOnDisk[folder]) return undefined;
      return known(statfs(folders[folder]).then(({ bavail, bsize }) => bavail * bsize));
    },
  };
}

/** A figure that can't be had is absent; the others are of use all the same. */
const known = <Value>(value: Promise<Value>): Promise<Value | undefined> =>
  value.catch(() => undefined);

/** @param now ms since the Unix epoch. */
export function addStorageMetrics(
  registers: Registry[],
  storage: StorageFigures,
  now: () => number,
): void {
  const gauge = (name: string, help: string, value: () => Promise<number | undefined>) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        const found = await value();
        // Without labels, a gauge that is removed is absent; `reset` would make it 0.
        this.remove();
        if (found !== undefined) this.set(found);
      },
    });

  gauge('se5_journal_bytes', 'The journal’s file with its write-ahead log.', () =>
    storage.journalBytes(),
  );
  gauge('se5_journal_oldest_age_seconds', 'Age of the oldest event in the journal.', async () => {
    const oldest = await storage.oldestReceivedAt();
    return oldest === undefined ? undefined : Math.max(0, now() - oldest) / 1000;
  });
  new Gauge({
    name: 'se5_disk_free_bytes',
    help: 'Free for this user on the file system of: journal, images.',
    labelNames: ['of'],
    registers,
    async collect() {
      for (const folder of ['journal', 'images'] as const) {
        const bytes = await storage.freeBytes(folder);
        if (bytes === undefined) this.remove({ of: folder });
        else this.set({ of: folder }, bytes);
      }
    },
  });
}
