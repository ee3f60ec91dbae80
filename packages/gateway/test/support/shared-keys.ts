import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type NatsServer, startNatsServer } from '@se5/nats-server';
import type { ErasureNotice } from '../../src/privacy/erasure-notice.ts';
import { KeyFile } from '../../src/privacy/key-file.ts';
import type { Subject } from '../../src/privacy/keyring.ts';
import type { KeyId, SharedKey } from '../../src/privacy/shared/key-messages.ts';
import { KeyMirror } from '../../src/privacy/shared/key-mirror.ts';
import { SharedKeys, type SharedKeysOptions } from '../../src/privacy/shared/shared-keys.ts';
import { filesWith } from './traces.ts';

const DAY_MS = 86_400_000;

/** The stream of the keys in tests. */
export const STREAM = 'se5_keys';

/** The log that the keys seal. */
export const LOG = { newest: 700, keepMs: 40 * DAY_MS };

/** An employee's event on day 10, unless told otherwise. */
export const employee = (identityId: string, given: Partial<Subject> = {}): Subject => ({
  identityId,
  personType: 'EMPLOYEE',
  occurredAt: 10 * DAY_MS,
  receivedAt: 10 * DAY_MS,
  ...given,
});

/** An event of a stranger without an id, which only takes the key of the day. */
export const onDay = (day: number): Subject =>
  employee('', { personType: 'STRANGER', occurredAt: day * DAY_MS, receivedAt: day * DAY_MS });

export const connected = (...servers: string[]): Promise<NatsConnection> =>
  connect({
    servers,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
    // clock: of one request, on a busy machine; no test reads how long anything took.
    timeout: 60_000,
    waitOnFirstConnect: true,
  });

export type KeyInFile = Omit<SharedKey, 'usedOn'>;

/** Which keys a file has and which are forgotten, each in order. */
export interface KeysInFile {
  readonly keys: readonly KeyInFile[];
  readonly forgotten: readonly KeyId[];
}

/** A gateway that shares its keys, and what it was told. */
export class KeyGateway implements AsyncDisposable {
  readonly path: string;
  readonly notices: ErasureNotice[] = [];
  readonly faults: unknown[] = [];
  readonly #servers: readonly string[];
  #open: { readonly keys: SharedKeys; readonly connection: NatsConnection } | undefined;

  constructor(path: string, servers: readonly string[]) {
    this.path = path;
    this.#servers = servers;
  }

  /** @throws when it is not started. */
  get keys(): SharedKeys {
    if (!this.#open) throw new Error(`${this.path} is not open`);
    return this.#open.keys;
  }

  get inFile(): KeysInFile {
    using mirror = new KeyMirror(this.path);
    const { keys, forgotten } = mirror.content;
    const ids = keys.map(({ id }) => id);
    return {
      // Each gateway notes by itself when it used a key.
      keys: mirror
        .keys(ids)
        .map(({ id, owner, key }) => ({ id, owner, key }))
        .toSorted((a, b) => compare(a.id, b.id)),
      forgotten: forgotten.toSorted(compare),
    };
  }

  /** The key of a person in the file. */
  keyOf(identityId: string): KeyInFile | undefined {
    using file = new KeyFile(this.path);
    const [tag] = file.tagsOf(identityId);
    return this.inFile.keys.find(({ id }) => id === tag);
  }

  async start(options: Partial<SharedKeysOptions> = {}): Promise<void> {
    const connection = await connected(...this.#servers);
    try {
      const keys = await SharedKeys.open({
        ...{ connection, stream: STREAM, replicas: 1, path: this.path, keepMs: 40 * DAY_MS },
        log: async () => LOG,
        forgotten: (notice) => void this.notices.push(notice),
        fault: (error) => this.faults.push(error),
        ...options,
      });
      this.#open = { keys, connection };
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** Resolves when it has read all that the others wrote before, by an erasure that erases nothing. */
  async level(): Promise<void> {
    await this.keys.forget({ kind: 'before', time: 0 });
  }

  async stop(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.keys[Symbol.asyncDispose]();
    await open?.connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** A nats-server, and the gateways that share keys through it. */
export class KeyCluster implements AsyncDisposable {
  readonly server: NatsServer;
  readonly #folder: { readonly path: string; remove(): Promise<void> };
  readonly #gateways = new Map<string, KeyGateway>();
  #connection: NatsConnection | undefined;

  private constructor(
    server: NatsServer,
    folder: { readonly path: string; remove(): Promise<void> },
  ) {
    this.server = server;
    this.#folder = folder;
  }

  static async start(): Promise<KeyCluster> {
    await using stack = new AsyncDisposableStack();
    const server = stack.use(await startNatsServer());
    const cluster = new KeyCluster(
      server,
      await mkdtempDisposable(join(tmpdir(), 'se5-shared-keys-')),
    );
    stack.move();
    return cluster;
  }

  /** A gateway that is not started; the same for the same name. */
  gateway(name: string): KeyGateway {
    const path = join(this.#folder.path, name, 'keys.db');
    const gateway = this.#gateways.get(name) ?? new KeyGateway(path, [this.server.url]);
    this.#gateways.set(name, gateway);
    return gateway;
  }

  async started(name: string, options?: Partial<SharedKeysOptions>): Promise<KeyGateway> {
    const gateway = this.gateway(name);
    await gateway.start(options);
    return gateway;
  }

  /** For requests of a test's own. */
  async manager() {
    this.#connection ??= await connected(this.server.url);
    // clock: of a request that a killed server never answers; no test reads how long anything took.
    const options = { timeout: 2_000, checkAPI: false };
    const manager = await jetstreamManager(this.#connection, options);
    return { connection: this.#connection, manager };
  }

  /** The subjects of the stream's messages, without its name. */
  async subjects(): Promise<string[]> {
    const { manager } = await this.manager();
    const { state } = await manager.streams.info(STREAM, { subjects_filter: '>' });
    return Object.keys(state.subjects ?? {})
      .map((subject) => subject.slice(STREAM.length + 1))
      .toSorted();
  }

  /** The files of gateways and of the server that hold a key in any form. */
  filesWithKey({ key }: Pick<KeyInFile, 'key'>): Promise<readonly string[]> {
    const bytes = Buffer.from(key);
    const traces = [bytes, bytes.toString('base64')];
    return Promise.all([
      filesWith(this.#folder.path, ...traces),
      filesWith(this.server.storeDir, ...traces),
    ]).then((found) => found.flat());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#gateways.values()].map((gateway) => gateway.stop()));
    await this.#connection?.close();
    await this.server[Symbol.asyncDispose]();
    await this.#folder.remove();
  }
}

const compare = (a: KeyId, b: KeyId): number =>
  String(a) < String(b) ? -1 : Number(String(a) > String(b));
