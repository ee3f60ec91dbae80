import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import type { NatsServer } from '@se5/nats-server';
import { toCursorKey } from '../../src/journal/cursor.ts';
import type { JournalRecord } from '../../src/journal/journal.ts';
import { Log } from '../../src/journal/nats/log.ts';
import { NatsJournal } from '../../src/journal/nats/nats-journal.ts';
import type { ClusterKeys } from '../../src/privacy/cluster-keys.ts';
import { ErasedRows } from '../../src/privacy/erased-rows.ts';
import { Keyring } from '../../src/privacy/keyring.ts';
import { openAt } from './journals.ts';

/** Of the journal in it: what it was told, and what others were told of it. */
export interface Clustered extends AsyncDisposable {
  readonly journal: NatsJournal;
  readonly log: Log;
  /** All that listeners were told, in order. */
  readonly told: readonly JournalRecord[];
  readonly failures: readonly unknown[];
}

/** Gateways that share a log and, unlike real ones, the key file. */
export class SharedLog implements AsyncDisposable {
  readonly #server: NatsServer;
  readonly #folder: { readonly path: string; remove(): Promise<void> };
  readonly #parts = new AsyncDisposableStack();

  private constructor(server: NatsServer, folder: { path: string; remove(): Promise<void> }) {
    this.#server = server;
    this.#folder = folder;
    this.#parts.defer(() => folder.remove());
  }

  static async on(server: NatsServer): Promise<SharedLog> {
    return new SharedLog(server, await mkdtempDisposable(join(tmpdir(), 'se5-shared-')));
  }

  /** @param file The name of its file; one that is there is opened again. Default: that of the gateway. */
  async open(gateway: string, file = gateway): Promise<Clustered> {
    await using parts = new AsyncDisposableStack();
    const keysPath = join(this.#folder.path, 'keys.db');
    const connection = await connect({
      servers: this.#server.url,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
    });
    parts.defer(() => connection.close());
    let isUp = true;
    void (async () => {
      for await (const { type } of connection.status()) {
        if (type === 'disconnect') isUp = false;
        if (type === 'reconnect') isUp = true;
      }
    })();
    const limits = { replicas: 1, keepMs: 3_600_000, maxBytes: 2 ** 30 };
    const log = await Log.open(connection, { stream: 'se5', ...limits, isUp: () => isUp });
    const model = parts.use(await openAt(join(this.#folder.path, `${file}.db`), {}, keysPath));
    const keyring = parts.use(new Keyring(keysPath));
    const told: JournalRecord[] = [];
    const failures: unknown[] = [];
    const journal = await NatsJournal.open({
      ...{ log, model, gateway, keys: localKeys(keyring), isConnected: () => isUp },
      cursorKey: toCursorKey(Buffer.alloc(16, 7)),
      observer: {
        unavailable: (error) => failures.push(error),
        stalled: (error) => failures.push(error),
        available() {},
        unreadable: (_position, error) => failures.push(error),
        followed() {},
        listenerFailed: (error) => failures.push(error),
      },
    });
    parts.use(journal);
    journal.onAppend((record) => told.push(record));
    const held = this.#parts.use(parts.move());
    return { journal, log, told, failures, [Symbol.asyncDispose]: () => held.disposeAsync() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync();
  }
}

/** As if the keys of the file were those of all gateways. */
export const localKeys = (keyring: Keyring): ClusterKeys => ({
  keyring,
  prepare(subjects) {
    keyring.refresh();
    keyring.prepare(subjects);
    return undefined;
  },
  async fetch(by) {
    keyring.refresh();
    return keyring.openingKey(by) !== undefined;
  },
  forget: async (target) =>
    target.kind === 'before'
      ? target
      : { kind: 'stranger', stranger: keyring.strangerTagOf(target.identityId) },
  erased: new ErasedRows((identityId) => keyring.strangerTagOf(identityId)),
});
