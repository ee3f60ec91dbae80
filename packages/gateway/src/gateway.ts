import { isIPv6 } from 'node:net';
import { type Clock, systemClock } from '@se5/core';
import { AccessControl } from './access/access-control.ts';
import { requestCredential } from './access/credential.ts';
import { createOriginPolicy } from './access/origin.ts';
import { auditedAdmit, auditedErasures, auditPicture } from './audit/audited.ts';
import { openAudit } from './audit/open-audit.ts';
import { Cluster, ownedSink } from './cluster/cluster.ts';
import { shareDenials } from './cluster/share-denials.ts';
import type { AccessConfig } from './config/access.ts';
import type { GatewayConfig } from './config/config.ts';
import { mayApplyAccess, needingRestart } from './config/reload.ts';
import { Fanout } from './fanout/fanout.ts';
import type { BackfillOptions } from './fleet/backfill/options.ts';
import { Fleet } from './fleet/fleet.ts';
import type { FleetSink } from './fleet/fleet-sink.ts';
import { readTrustedDocuments } from './graphql/read-trusted-documents.ts';
import { PictureAddresses } from './images/picture-addresses.ts';
import { Intake } from './intake/intake.ts';
import { Listeners } from './listeners.ts';
import { openStorage } from './open-storage.ts';
import { packageVersion } from './package-version.ts';
import { Erasures } from './privacy/erasure/erasures.ts';
import { listenForErasures } from './privacy/erasure/listen.ts';
import { socketPathOf } from './privacy/erasure/socket-path.ts';
import { createTelemetry } from './telemetry/gateway-telemetry.ts';
import { guardedLogger } from './telemetry/guard.ts';
import { type Logger, silentLogger } from './telemetry/logger.ts';
import { LoopLag } from './telemetry/loop-lag.ts';
import { storageFigures } from './telemetry/storage-metrics.ts';
import { createExportRoute } from './transport/export-route.ts';
import { GraphiQL } from './transport/graphiql.ts';
import { createGraphQLServer } from './transport/graphql.ts';
import { createHttpTransport } from './transport/http.ts';
import { createImageRoute } from './transport/image-route.ts';
import { createRouter, type Handler, nothingHere } from './transport/router.ts';
import { createSchemaRoute } from './transport/schema-route.ts';
import { startServer } from './transport/server.ts';
import { createSessionRoute } from './transport/session-route.ts';
import { createUpgradeGuard } from './transport/upgrade.ts';
import { createWallRoute, type WallOptions } from './transport/wall-route.ts';
import { createWebSocketTransport } from './transport/websocket.ts';
import { Watch } from './watch/watch.ts';

export interface GatewayOptions {
  /** Default: nothing is logged. A logger that throws loses that line and nothing else. */
  readonly logger?: Logger;
  /** The event wall, where the configuration does not disable it. */
  readonly wall?: WallOptions;
  /** Answers what the gateway has no route for. Default: 404. */
  readonly fallback?: Handler;
  /** How what a box said while nobody listened is read back. Default: see `BackfillOptions`. */
  readonly backfill?: Partial<BackfillOptions>;
  /** By which boxes are heard and their events are received. Default: the system's. */
  readonly clock?: Clock;
  /** Ends a start that waits for NATS. A gateway that has started does not look at it. */
  readonly signal?: AbortSignal;
}

const WALL_MISSING =
  'The event wall is not built: run `npx -y pnpm@10.34.9 wall` in the checkout, and start the gateway again.';

/** Disposing stops it: clients are told to come back, boxes are let go, nothing stays open. */
export interface Gateway extends AsyncDisposable {
  /**
   * Puts the sections `access` and `watch` of a configuration in force. Connections whose credential is no
   * longer taken end; those with other rights than before are told to come back.
   *
   * @returns the keys of the file that differ and are read at the next start alone.
   */
  readonly reload: (config: GatewayConfig) => Promise<readonly string[]>;
  /** How this machine reaches it, without a slash at the end. GraphQL is at `/graphql`. */
  readonly url: string;
  readonly port: number;
}

/**
 * Starts a gateway; resolves when clients can connect, whether or not boxes can be reached.
 *
 * @throws what the system says when the address can't be listened on, with its `code`
 *   (`EADDRINUSE`, `EACCES`, …); a {@link JournalError} when the journal's file is another
 *   gateway's, a newer one's or no journal; an {@link ImageStoreError} when the pictures' folder
 *   is another gateway's or a newer one's; a {@link ConfigError} when the file of trusted documents
 *   can't be used; a {@link ClusterError}, {@link KeyFileError} or {@link SharedKeysError} when the
 *   gateway can't join its cluster; the signal's reason. What can't be written is no error: it is
 *   tried again, and meanwhile in memory. NATS that can't be reached is none either: the start
 *   waits for it.
 */
export async function createGateway(
  config: GatewayConfig,
  {
    logger: givenLogger = silentLogger,
    wall: wallOptions,
    fallback,
    backfill = {},
    clock = systemClock,
    signal,
  }: GatewayOptions = {},
): Promise<Gateway> {
  const logger = guardedLogger(givenLogger);
  await using parts = new AsyncDisposableStack();

  let cluster: Cluster | undefined;
  const telemetry = createTelemetry(logger, {
    links: () => directory.boxes.map(({ id }) => directory.status(id).link.name),
    boxes: () => directory.boxes.map(({ id }) => directory.status(id)),
    storage: storageFigures(config, () => journal),
    now: () => clock.now(),
    subscribers: () => fanout.subscribers,
    executions: () => fanout.executions,
    images: () => images.figures,
    unreadBytes: () => graphql.unread.bytes,
    linesLost: () => logger.linesLost,
    auditLinesLost: () => written.linesLost,
    loopLagMs: () => lag.largestMs,
    cluster: config.journal.nats && (() => cluster?.figures),
  });
  const written = parts.use(openAudit(config.access.audit, { logger, clock }));
  const { audit } = written;
  const readTrusted = async ({ documents }: AccessConfig) =>
    documents === undefined
      ? undefined
      : readTrustedDocuments(documents, config.limits, config.introspection);
  let trusted = await readTrusted(config.access);
  const lag = parts.use(
    new LoopLag({ warnAboveMs: config.lagWarningMs, exceeded: telemetry.lagged }),
  );
  const erasedElsewhere = new Listeners<void>();
  const storage = parts.use(
    await openStorage(config, {
      ...{ telemetry, clock, signal },
      erasedElsewhere: () => erasedElsewhere.tell(),
    }),
  );
  const { journal, images, shared } = storage;
  const watch = new Watch(config.watch, config.sites);
  const intake = new Intake(config.sites, journal, images, {
    observer: telemetry.intake,
    watch,
    clock,
  });
  const sink: FleetSink = shared ? ownedSink(intake, (boxId) => cluster?.ready(boxId)) : intake;
  const fleet = parts.use(
    new Fleet(config.sites, sink, telemetry.fleet, {
      ...(shared && { gateway: config.cluster.name }),
      demanded: (boxId, demand) => cluster?.demanded(boxId, demand),
      alwaysPictures: config.images.capture === 'always',
      keepPictures: config.images.capture !== 'never',
      backfill,
      clock,
    }),
  );
  const { directory, demand } = fleet;
  const { health, metrics } = telemetry;
  const now = () => clock.now();
  const fanout = parts.use(
    new Fanout({
      ...{ journal, directory, demand, now, ...telemetry.fanout },
      // No address in an answer has less than half its life left when it is sent.
      maxAnswerAgeMs: config.images.urlExpiryMs / 2,
    }),
  );

  erasedElsewhere.add(() => fanout.forget());

  const erasures = parts.use(
    new Erasures(
      { journal, images, forget: () => fanout.forget() },
      auditedErasures(telemetry.erasure, audit),
    ),
  );
  const socketPath = socketPathOf(config);
  if (socketPath !== undefined) {
    parts.use(await listenForErasures(socketPath, erasures, telemetry.erasure.unreachable));
  }

  const elsewhere =
    shared &&
    parts.use(
      await shareDenials(shared, config.cluster.name, {
        failed: telemetry.access.sharingFailed,
        signal,
      }),
    );
  const access = parts.use(
    await AccessControl.open(config.access, {
      ...(elsewhere && { elsewhere }),
      wrongTokensPerMinute: config.limits.wrongTokensPerMinute,
      observer: telemetry.access,
      revoked: () => fanout.forget(),
      now,
    }),
  );
  const { admit } = access;
  const pictureAddresses = new PictureAddresses({
    store: images,
    classes: {
      generationOf: (key) => (access.isCurrent(key) ? access.generationOf(key) : undefined),
    },
    lifeMs: config.images.urlExpiryMs,
    publicUrl: config.publicUrl,
    now,
  });
  const guard = { policy: createOriginPolicy(config), refused: telemetry.refused };
  const graphql = createGraphQLServer(
    { directory, journal, images, pictureAddresses, fanout, erasures, now },
    {
      logger,
      access,
      trusted: () => trusted,
      audit,
      limits: config.limits,
      slowClients: config.slowClients,
      introspection: config.introspection,
    },
  );
  const { clients } = graphql.addresses;
  const http = parts.use(createHttpTransport(graphql));
  const websocket = createWebSocketTransport(graphql, {
    admit: auditedAdmit(admit, audit, 'websocket'),
  });
  const graphiql = parts.use(new GraphiQL());
  const wall = config.wall ? await createWallRoute(config.publicUrl, wallOptions) : undefined;
  const isWallMissing = config.wall && wall === undefined;
  if (isWallMissing) logger.warn({}, WALL_MISSING);
  const server = await startServer({
    listen: config.listen,
    keepAliveMs: config.keepAliveMs,
    connections: {
      limits: config.limits,
      clients,
      refused: telemetry.connectionRefused,
    },
    stalledAfterMs: config.slowClients.stalledAfterMs,
    request: createRouter({
      ...guard,
      turns: graphql.turns,
      admit: auditedAdmit(admit, audit, 'http'),
      clients,
      audit,
      health,
      metrics,
      image: createImageRoute(images, pictureAddresses, graphql.unread, {
        retryAfterMs: (request, classKey) =>
          graphql.viewerLimits.picture(clients.of(request), classKey),
        seen: (request, key, permissionClass) =>
          void auditPicture(
            audit,
            access,
            { address: clients.of(request), key, permissionClass },
            requestCredential(request.headers),
          ),
      }),
      schema: createSchemaRoute(config.introspection, graphql.unread, {
        refused: (request, viewer, code) =>
          audit.permissionRefused(
            { viewer, address: clients.of(request), transport: 'http' },
            code,
          ),
      }),
      session: createSessionRoute(config.publicUrl, now),
      export: createExportRoute(graphql),
      unread: graphql.unread,
      graphql: http.handle,
      graphiql: {
        openness: config.graphiql,
        send: (request, response) => graphiql.send(request, response),
      },
      wall,
      fallback: fallback ?? nothingHere(isWallMissing ? ` ${WALL_MISSING}` : undefined),
      fault: telemetry.fault,
    }),
    upgrade: createUpgradeGuard(guard, websocket.upgrade),
    fault: telemetry.fault,
  });
  parts.defer(async () => {
    health.goingAway();
    await Promise.all([server[Symbol.asyncDispose](), websocket[Symbol.asyncDispose]()]);
  });

  // Not before: a gateway that can't listen disturbs no box.
  if (shared) {
    const joined = new Cluster({
      ...{ ...shared, fleet, clock, config: config.cluster, stream: shared.stream },
      version: await packageVersion(),
      observer: telemetry.cluster,
      released: (boxId) => intake.released(boxId),
    });
    cluster = parts.use(joined);
    parts.defer(async () => {
      health.goingAway();
      await joined.drain();
    });
  } else {
    fleet.start();
  }

  const running = parts.move();
  let inForce = config.access;
  const applyAccess = async (next: AccessConfig): Promise<void> => {
    // A file that can't be used changes nothing.
    const nextTrusted = await readTrusted(next);
    await access.apply(next);
    const before = trusted;
    trusted = nextTrusted;
    // What they subscribe to may be trusted no longer.
    if (before && !nextTrusted?.hasAll(before)) {
      access.sendBack(({ rights }) => !rights.anyOperation);
    }
    inForce = next;
  };
  return {
    async reload(next) {
      const remaining = needingRestart(config, next);
      const mayApply = mayApplyAccess(inForce, next.access);
      if (mayApply) await applyAccess(next.access);
      watch.replace(next.watch);
      audit.reloaded(mayApply ? ['access', 'watch'] : ['watch']);
      return mayApply ? remaining : [...remaining, 'access'];
    },
    url: urlOf(config.listen.host, server.port),
    port: server.port,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** An address that stands for every interface can be listened on, but not asked for. */
function urlOf(host: string, port: number): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
