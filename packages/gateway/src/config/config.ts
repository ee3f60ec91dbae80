import type { DeviceId, DialectName } from '@se5/core';
import type { AccessConfig } from './access.ts';
import type { BoxId, SiteId } from './ids.ts';
import type { LimitsConfig } from './limits.ts';
import type { SlowClientsConfig } from './slow-clients.ts';
import type { WatchRule } from './watch.ts';

/** The configuration as the rest of the gateway reads it: parsed, defaulted, durations in ms. */
export interface GatewayConfig {
  readonly listen: { readonly host: string; readonly port: number };
  readonly sites: readonly SiteConfig[];
  readonly journal: JournalConfig;
  readonly images: ImagesConfig;
  readonly privacy: PrivacyConfig;
  /** Of a gateway whose journal is a log that it shares with others. */
  readonly cluster: ClusterConfig;
  /** What makes an event an alarm. */
  readonly watch: readonly WatchRule[];
  /** Where clients see the gateway, without a slash at the end; picture addresses are relative without it. */
  readonly publicUrl: string | undefined;
  /** Names beside our own that requests may call the gateway by: lower case, without port. */
  readonly hosts: readonly string[];
  /** Origins beside our own whose pages may ask: `https://desk.example.com`, or with any port, `http://localhost:*`. */
  readonly origins: readonly string[];
  readonly access: AccessConfig;
  /** How long an HTTP connection stays open without a request, in ms. */
  readonly keepAliveMs: number;
  /** Whether the event wall is served at `/`. */
  readonly wall: boolean;
  /** Who is given the page to try queries on. */
  readonly graphiql: Openness;
  /** Who may ask what the schema holds. */
  readonly introspection: Openness;
  readonly limits: LimitsConfig;
  readonly slowClients: SlowClientsConfig;
  /** A larger lag of the event loop is logged, in ms. */
  readonly lagWarningMs: number;
}

/** Where the data are, and what is kept of them. */
export interface Places {
  readonly journal: JournalConfig;
  readonly images: Omit<ImagesConfig, 'urlExpiryMs'>;
  readonly privacy: PrivacyConfig;
}

/** What tells of a cluster which boxes it is to listen to, and where its log is. */
export type Surveyed = Places & Pick<GatewayConfig, 'sites'>;

export interface PrivacyConfig {
  /** Of the key file; `MEMORY_ONLY` where neither journal nor pictures are on disk. */
  readonly keys: string;
}

export interface SiteConfig {
  readonly id: SiteId;
  readonly name: string;
  /** IANA name, e.g. `Asia/Shanghai`. */
  readonly timezone: string | undefined;
  readonly boxes: readonly BoxConfig[];
}

/** The ports of a box that is not told otherwise [seed]. */
export const DEFAULT_EVENT_PORT = 5679;
export const DEFAULT_API_PORT = 5555;

export interface BoxConfig {
  readonly id: BoxId;
  readonly name: string;
  readonly host: string;
  readonly eventPort: number;
  readonly apiPort: number;
  readonly dialect: DialectName;
  readonly reconfigure: 'resend' | 'reconnect';
  readonly silentAfterMs: number;
  /** A larger message ends the connection. */
  readonly maxMessageBytes: number;
  /** Messages that are read in a second; the box has to wait with more. */
  readonly maxMessagesPerSecond: number;
  /** The same in bytes. */
  readonly maxBytesPerSecond: number;
  /** What a score of this box is out of; `auto` goes by what the box has sent. */
  readonly scoreScale: 'auto' | 1 | 100;
  /** How much of a full journal, and of pictures, it may keep beside the shares of the others; 1 to 1,000. */
  readonly storageShare: number;
  /** Listened to instead of what the box lists. */
  readonly devices: readonly DeviceId[] | undefined;
}

export const DEFAULT_JOURNAL_PATH = './data/journal.db';

export interface JournalConfig {
  /** Of the file; or `MEMORY_ONLY`. */
  readonly path: string;
  readonly keepMs: number;
  /** Of the file, without its write-ahead log. */
  readonly maxBytes: number;
  /** What a record that was taken survives: the death of the process, or also that of the machine. */
  readonly sync: 'normal' | 'full';
  /** The log that several gateways share; undefined for a gateway by itself. */
  readonly nats?: NatsConfig | undefined;
}

/** How NATS is reached, and the stream there. */
export interface NatsConfig {
  /** `nats://host:port` or `tls://host:port` each. */
  readonly servers: readonly string[];
  readonly login: NatsLogin;
  readonly tls: NatsTls | undefined;
  readonly stream: string;
  /** On so many servers each message is stored. */
  readonly replicas: number;
}

export type NatsLogin =
  | { readonly kind: 'none' }
  /** Of a file that holds a JWT and a key. */
  | { readonly kind: 'credentials'; readonly path: string }
  | { readonly kind: 'user'; readonly user: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string };

/** The paths of PEM files. */
export interface NatsTls {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

export interface ClusterConfig {
  /** Unique among the gateways. */
  readonly name: string;
  /** Of the sites whose boxes this gateway can reach; undefined for all. */
  readonly sites: readonly SiteId[] | undefined;
}

/** Instead of a path: no file is written, and what is in the journal goes with the process. */
export const MEMORY_ONLY = 'memory';

export interface ImagesConfig {
  /** `always`: boxes send pictures all the time. `on-demand`: what subscribers ask for is kept. `never`: nothing is kept. */
  readonly capture: 'never' | 'on-demand' | 'always';
  /** Of the folder; or `MEMORY_ONLY`. */
  readonly path: string;
  readonly keepMs: number;
  readonly maxBytes: number;
  /** How long the address of a picture is good at least. */
  readonly urlExpiryMs: number;
}

/**
 * Who may use a part of the gateway. `true`: whoever may ask it anything. `authenticated`: whoever
 * sends a credential, which nobody has where none is configured. `false`: nobody.
 */
export type Openness = boolean | 'authenticated';
