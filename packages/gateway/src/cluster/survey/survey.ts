import type { LinkState } from '@se5/core';
import type { BoxId, SiteId } from '../../config/ids.ts';

/** What can be seen of a cluster from outside. Times are in ms since 1970. */
export interface Survey {
  /** The name of the log's stream. */
  readonly stream: string;
  /** By name. */
  readonly gateways: readonly SurveyedGateway[];
  /** Those of the configuration, in its order, and then those of which gateways say more. */
  readonly boxes: readonly SurveyedBox[];
  readonly streams: readonly SurveyedStream[];
}

export interface SurveyedGateway {
  readonly name: string;
  /** Random, of the process. */
  readonly process: string;
  readonly version: string;
  /** A draining one hands its boxes over and ends. */
  readonly state: 'alive' | 'draining';
  /** The sites whose boxes it can reach; null for all. */
  readonly sites: readonly SiteId[] | null;
  /** How many boxes it listens to. */
  readonly boxes: number;
  /** Positions of the log that its file does not have yet; null when there is no log. */
  readonly behind: number | null;
  /** Entries that wait for the log. */
  readonly waiting: number;
}

export interface SurveyedBox {
  readonly id: BoxId;
  /** Null for a box that the configuration does not have. */
  readonly site: SiteId | null;
  /** The gateway that listens to it; null when none says so. */
  readonly gateway: string | null;
  readonly link: LinkState['name'] | null;
  readonly since: number | null;
}

export interface SurveyedStream {
  readonly name: string;
  /** Null when NATS has no such stream. */
  readonly state: {
    readonly messages: number;
    readonly bytes: number;
    /** The position of its newest message. */
    readonly newest: number;
    /** On how many servers it is stored. */
    readonly replicas: number;
    /** How many of them have all of it. */
    readonly current: number;
  } | null;
}
