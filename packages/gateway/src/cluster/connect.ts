import { readFileSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import {
  type Authenticator,
  connect,
  credsAuthenticator,
  type NatsConnection,
  type NodeConnectionOptions,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node';
import type { NatsConfig, NatsLogin } from '../config/config.ts';
import { ClusterError } from './cluster-error.ts';
import { refusalOf } from './nats-failures.ts';
import { reasonOfSilence } from './server-silence.ts';

/** How long one server may take to accept a connection, in ms. */
const CONNECT_MS = 2_000;

/** Between two attempts to reach a server again, in ms. */
const RECONNECT_MS = 500;

/** How often a server is asked whether it is there, in ms; it is given up after two without an answer. */
const PING_MS = 5_000;

/** Older servers can't let single messages expire, which erasures need. */
const NEEDED_VERSION = '2.11';

/** A connection to NATS that closes with it. */
export interface NatsLink extends AsyncDisposable {
  readonly connection: NatsConnection;
  /** Whether a server can be reached now. */
  readonly isUp: () => boolean;
}

/**
 * Connects to NATS: tries one server after the other, each once and for 4 s at most. A connection that is lost later is made
 * again until it is closed.
 *
 * @param name of the client, as the servers list it.
 * @param refused Told when NATS refuses something later on; must not throw. Default: not told.
 * @throws {ClusterError} NATS_UNREACHABLE, NATS_REFUSED, NATS_TOO_OLD, CREDENTIALS_UNREADABLE
 */
export async function connectToNats(
  config: NatsConfig,
  name: string,
  refused: (refusal: ClusterError) => void = () => {},
): Promise<NatsLink> {
  const connection = await open(config, name);
  await assertNewEnough(connection);
  let isUp = true;
  const watch = async () => {
    for await (const status of connection.status()) {
      const { type } = status;
      if (type === 'disconnect' || type === 'staleConnection') isUp = false;
      else if (type === 'reconnect') isUp = true;
      const refusal = status.type === 'error' ? refusalOf(status.error) : undefined;
      if (refusal) refused(refusal);
    }
  };
  const watched = watch();
  return {
    connection,
    isUp: () => isUp && !connection.isClosed(),
    async [Symbol.asyncDispose]() {
      await connection.close();
      await watched;
    },
  };
}

async function open(config: NatsConfig, name: string): Promise<NatsConnection> {
  await checkNatsFiles(config);
  const options = optionsOf(config, name);
  const { servers } = config;
  const reasons = new Map<string, string>();
  let refusal: ClusterError | undefined;
  for (const server of shuffled(servers)) {
    const silence = await reasonOfSilence(server);
    if (silence !== undefined) {
      reasons.set(server, silence);
      continue;
    }
    try {
      const connection = await connect({ ...options, servers: server });
      // All others, when this one is lost.
      const known = connection.getServers().map(({ listen }) => listen);
      const addresses = servers.map((address) => new URL(address).host);
      connection.setServers([...new Set([...known, ...addresses])]);
      return connection;
    } catch (error) {
      refusal ??= refusalOf(error);
      reasons.set(server, error instanceof Error ? error.message : String(error));
    }
  }
  if (refusal) throw refusal;
  const found = servers.map((server) => `${server} (${reasons.get(server)})`);
  throw new ClusterError('NATS_UNREACHABLE', `no NATS server can be reached: ${found.join(', ')}`);
}

function optionsOf({ servers, login, tls }: NatsConfig, name: string): NodeConnectionOptions {
  const authenticator = authenticatorOf(login);
  const isOverTls = tls !== undefined || servers.some((server) => server.startsWith('tls:'));
  return {
    name,
    ...(authenticator && { authenticator }),
    ...(isOverTls && {
      tls: {
        ...(tls?.ca !== undefined && { caFile: tls.ca }),
        ...(tls?.cert !== undefined && { certFile: tls.cert }),
        ...(tls?.key !== undefined && { keyFile: tls.key }),
      },
    }),
    timeout: CONNECT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    // Without this, a password that is wrong for a moment ends the connection for good.
    ignoreAuthErrorAbort: true,
    pingInterval: PING_MS,
    maxPingOut: 2,
  };
}

/** In another order each time, so that gateways spread over the servers. */
const shuffled = (servers: readonly string[]): string[] =>
  servers
    .map((server) => ({ server, order: Math.random() }))
    .toSorted((one, other) => one.order - other.order)
    .map(({ server }) => server);

/**
 * Looks whether the files that a connection needs can be read.
 *
 * @throws {ClusterError} CREDENTIALS_UNREADABLE
 */
export async function checkNatsFiles({ login, tls }: NatsConfig): Promise<void> {
  const { ca, cert, key } = tls ?? {};
  for (const [name, path] of Object.entries({ ca, cert, key })) {
    if (path !== undefined) await checkFile(`journal.nats.tls.${name}`, path);
  }
  if (login.kind !== 'credentials') return;
  await checkFile('journal.nats.credentials', login.path);
  try {
    credsAuthenticator(readFileSync(login.path))('nonce');
  } catch (cause) {
    throw new ClusterError(
      'CREDENTIALS_UNREADABLE',
      `${login.path} is no file of credentials for NATS; set journal.nats.credentials to a .creds file`,
      { cause },
    );
  }
}

async function checkFile(key: string, path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (cause) {
    throw new ClusterError(
      'CREDENTIALS_UNREADABLE',
      `${path} can’t be read; set ${key} to a file that this user may read`,
      { cause },
    );
  }
}

function authenticatorOf(login: NatsLogin): Authenticator | undefined {
  switch (login.kind) {
    case 'none':
      return undefined;
    case 'user':
      return usernamePasswordAuthenticator(login.user, login.password);
    case 'token':
      return tokenAuthenticator(login.token);
    case 'credentials':
      return credsAuthenticator(latest(login.path));
  }
}

/** Reads the file for each connection, since credentials expire; while it can't be read, the last ones are used. */
function latest(path: string): () => Uint8Array {
  let credentials: Uint8Array = new Uint8Array();
  return () => {
    try {
      credentials = readFileSync(path);
    } catch {
      // NATS says whether the last ones are still good.
    }
    return credentials;
  };
}

async function assertNewEnough(connection: NatsConnection): Promise<void> {
  const { version = NEEDED_VERSION } = connection.info ?? {};
  const [major = 0, minor = 0] = version.split('.', 2).map(Number);
  const [neededMajor = 0, neededMinor = 0] = NEEDED_VERSION.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return;
  await connection.close();
  throw new ClusterError(
    'NATS_TOO_OLD',
    `the NATS server is ${version}; a cluster of gateways needs ${NEEDED_VERSION} or newer`,
  );
}
