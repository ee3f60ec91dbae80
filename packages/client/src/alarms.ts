import type { OperationDocument } from './document.ts';
import {
  AcknowledgeAlarmDocument,
  AddAlarmNoteDocument,
  type AlarmFilter,
  type AlarmFragment,
  AlarmHistoryDocument,
  AlarmsDocument,
  CloseAlarmDocument,
} from './generated/operations.ts';
import type { AbortSignalLike } from './http.ts';
import type { Stream } from './stream.ts';

export interface AlarmsOptions {
  /** With `states` the stream does not tell when an alarm leaves them. */
  readonly filter?: AlarmFilter | undefined;
  /** A cursor, of a page or an alarm: begins behind it. Left out: begins now. */
  readonly after?: string | undefined;
}

export interface AlarmHistoryOptions {
  readonly filter?: AlarmFilter | undefined;
  /** 1 to 100. Default 50. */
  readonly first?: number | undefined;
  /** The `endCursor` of a page. Left out: begins with the newest alarm. */
  readonly after?: string | undefined;
}

export interface AlarmPage {
  /** The one that was opened last first. */
  readonly alarms: readonly AlarmFragment[];
  /** Whether there are older ones. */
  readonly hasNextPage: boolean;
  /** `after` of the next page; null for an empty page. */
  readonly endCursor: string | null;
  /** Where to follow `alarms` after the page: nothing that has changed since is missed. */
  readonly cursor: string;
}

export interface AlarmActOptions {
  readonly signal?: AbortSignalLike | undefined;
  /**
   * Names this act, 1 to 128 characters: the gateway applies it once, however often it comes.
   * Default: a random one. Pass your own to repeat an act after a TIMEOUT.
   */
  readonly key?: string | undefined;
}

/**
 * Alarms, and what people do about them. An act is repeated until the gateway has answered or
 * `queryTimeoutMs` is over, and counts once. It rejects with GRAPHQL and the gateway's code, such as
 * ALARM_ACKNOWLEDGED when somebody else was first, or NOT_ALLOWED without the right to answer.
 */
export interface AlarmClient {
  /** Each alarm that opens or changes, in the order of the changes, over all reconnects. */
  alarms(options?: AlarmsOptions): Stream<AlarmFragment>;
  /** The alarms that there are, page by page. */
  alarmHistory(options?: AlarmHistoryOptions): Promise<AlarmPage>;
  /** Takes care of an open alarm. @param options `assignee`: 1 to 100 characters. */
  acknowledgeAlarm(
    id: string,
    options?: AlarmActOptions & { readonly assignee?: string | undefined },
  ): Promise<AlarmFragment>;
  /** @param options `note`: 1 to 1,000 characters. */
  closeAlarm(
    id: string,
    options?: AlarmActOptions & { readonly note?: string | undefined },
  ): Promise<AlarmFragment>;
  /** @param text 1 to 1,000 characters. */
  addAlarmNote(id: string, text: string, options?: AlarmActOptions): Promise<AlarmFragment>;
}

/** How a client asks and follows. */
interface Operations {
  ask<TResult, TVariables>(
    document: OperationDocument<TResult, TVariables>,
    variables: object | undefined,
    options?: { readonly signal?: AbortSignalLike | undefined },
  ): Promise<TResult>;
  follow<TResult, TVariables, TValue>(
    document: OperationDocument<TResult, TVariables>,
    variables: object | undefined,
    select: (data: TResult) => TValue,
  ): Stream<TValue>;
}

export const createAlarmClient = ({ ask, follow }: Operations): AlarmClient => ({
  alarms: (variables) => follow(AlarmsDocument, variables, (data) => data.alarms),
  alarmHistory: async (variables) => {
    const { cursor, alarms } = await ask(AlarmHistoryDocument, variables);
    const { hasNextPage, endCursor } = alarms.pageInfo;
    return { alarms: alarms.edges.map(({ node }) => node), hasNextPage, endCursor, cursor };
  },
  acknowledgeAlarm: async (id, { signal, key = randomKey(), assignee } = {}) =>
    (await ask(AcknowledgeAlarmDocument, { id, key, assignee }, { signal })).acknowledgeAlarm,
  closeAlarm: async (id, { signal, key = randomKey(), note } = {}) =>
    (await ask(CloseAlarmDocument, { id, key, note }, { signal })).closeAlarm,
  addAlarmNote: async (id, text, { signal, key = randomKey() } = {}) =>
    (await ask(AddAlarmNoteDocument, { id, key, text }, { signal })).addAlarmNote,
});

/** Unique, not secret: pages without TLS and React Native have no `crypto.randomUUID`. */
const randomKey = (): string =>
  [Date.now(), Math.random(), Math.random()].map((part) => part.toString(36)).join('-');
