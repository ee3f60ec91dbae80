import { randomUUID } from 'node:crypto';
import type { AccessControl } from '../access/access-control.ts';
import type { Caller } from '../access/caller.ts';
import type { PermissionClass } from '../access/permission-class.ts';
import type { Viewer } from '../access/viewer.ts';
import { ViewerLimits } from '../access/viewer-limits.ts';
import { type Audit, NO_AUDIT } from '../audit/audit.ts';
import type { Openness } from '../config/config.ts';
import { DEFAULT_LIMITS, type LimitsConfig } from '../config/limits.ts';
import { DEFAULT_SLOW_CLIENTS, type SlowClientsConfig } from '../config/slow-clients.ts';
import type { Fanout } from '../fanout/fanout.ts';
import { VisibleNewest } from '../fanout/visible-newest.ts';
import { AlarmActs } from '../graphql/alarm-acts.ts';
import { type Connection, ConnectionCursor } from '../graphql/connection-cursor.ts';
import { createToPublicError, type ToPublicError } from '../graphql/errors.ts';
import { createPipeline, type GraphQLPipeline } from '../graphql/pipeline.ts';
import { QueriedJournal } from '../graphql/queried-journal.ts';
import type { TrustedDocuments } from '../graphql/trusted-documents.ts';
import { ViewerErasures } from '../graphql/viewer-erasures.ts';
import type { Journal } from '../journal/journal.ts';
import type { Erasures } from '../privacy/erasure/erasures.ts';
import type { GraphQLServices } from '../schema/context.ts';
import { permittedDirectories } from '../schema/permitted-directory.ts';
import type { Logger } from '../telemetry/logger.ts';
import { Turns } from '../turns.ts';
import { OpenByAddress } from './addresses.ts';
import { UnreadAnswers } from './unread-answers.ts';

export interface GraphQLOptions {
  readonly logger: Logger;
  /** Watches over connections that last. */
  readonly access: Pick<AccessControl, 'hold' | 'endOf'>;
  readonly limits?: LimitsConfig;
  readonly slowClients?: SlowClientsConfig;
  /** Who may ask what the schema holds. Default: whoever may query. */
  readonly introspection?: Openness;
  /** Default: none are known. */
  readonly trusted?: () => TrustedDocuments | undefined;
  /** Default: nothing is written down. */
  readonly audit?: Audit;
}

/** GraphQL as it is over every transport, and what the transports share. */
export interface GraphQLServer {
  readonly pipeline: GraphQLPipeline;
  /** Of long answers, and of requests that have come. */
  readonly turns: Turns;
  readonly journal: Pick<Journal, 'cursorAt'>;
  readonly toPublicError: ToPublicError;
  readonly access: Pick<AccessControl, 'hold' | 'endOf'>;
  readonly limits: LimitsConfig;
  readonly slowClients: SlowClientsConfig;
  /** Of WebSockets and event streams. */
  readonly addresses: OpenByAddress;
  /** Of every route; disposed of with the HTTP transport. */
  readonly unread: UnreadAnswers;
  /** Disposed of with the HTTP transport. */
  readonly newest: VisibleNewest;
  readonly viewerLimits: ViewerLimits;
  readonly audit: Audit;
  readonly connect: (viewer: Viewer, origin?: ConnectionOrigin) => Connection;
}

/** Where a connection comes from. Default: this machine, by HTTP. */
export interface ConnectionOrigin extends Partial<Pick<Caller, 'address' | 'transport'>> {
  /** A cursor, which beats `after`. */
  readonly resumeAfter?: string | undefined;
}

export function createGraphQLServer(
  {
    fanout,
    journal,
    erasures,
    now = Date.now,
    ...services
  }: Omit<GraphQLServices, 'journal' | 'now' | 'newestFor'> & {
    readonly fanout: Fanout;
    readonly journal: Journal;
    readonly erasures: Pick<Erasures, 'erase'>;
    readonly now?: () => number;
  },
  {
    logger,
    access,
    limits = DEFAULT_LIMITS,
    slowClients = DEFAULT_SLOW_CLIENTS,
    introspection = true,
    trusted = () => undefined,
    audit = NO_AUDIT,
  }: GraphQLOptions,
): GraphQLServer {
  const searched = QueriedJournal.over(journal);
  const toPublicError = createToPublicError(logger);
  const turns = new Turns();
  const newest = new VisibleNewest({
    journal,
    directoryOf: permittedDirectories(services.directory),
  });
  const newestFor = (permissionClass: PermissionClass) => newest.of(permissionClass);
  const viewerLimits = new ViewerLimits(limits);
  const run = randomUUID().slice(0, 8);
  let connections = 0;
  return {
    pipeline: createPipeline(
      {
        ...services,
        ...{ now, newestFor, journal: searched },
        alarmActs: new AlarmActs({ journal, audit, now }),
        viewerErasures: new ViewerErasures({ erasures, audit }),
      },
      fanout,
      toPublicError,
      limits,
      { introspection, trusted, viewerLimits, audit, turns },
    ),
    turns,
    journal,
    toPublicError,
    access,
    limits,
    slowClients,
    addresses: new OpenByAddress(limits),
    unread: new UnreadAnswers(limits, slowClients),
    newest,
    viewerLimits,
    audit,
    connect(viewer, { address, transport = 'http', resumeAfter } = {}) {
      connections += 1;
      const id = `${run}-${connections}`;
      const cursor = new ConnectionCursor(journal, () => newest.of(viewer.permissionClass));
      return { id, viewer, address, transport, resumeAfter, cursor };
    },
  };
}
