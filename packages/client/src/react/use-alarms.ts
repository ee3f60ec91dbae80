import type { AlarmClient, AlarmPage } from '../alarms.ts';
import type { Client } from '../client.ts';
import { ClientError } from '../errors.ts';
import type { AlarmFilter, AlarmFragment } from '../generated/operations.ts';
import { platform } from '../platform.ts';
import { follow, type LiveStatus } from './follow.ts';
import { createFrame } from './frame.ts';
import { Store } from './store.ts';
import { type HookOptions, useStore } from './use-store.ts';

export interface UseAlarmsOptions extends HookOptions {
  /** An alarm that leaves the `states` of the filter leaves the list. */
  readonly filter?: AlarmFilter | undefined;
  /**
   * The most alarms that are kept, 1 to 100; those that opened first go, and are read again when
   * there is room. Default 100.
   */
  readonly limit?: number | undefined;
}

export interface LiveAlarms extends LiveStatus {
  /** The one that was opened last first. */
  readonly alarms: readonly AlarmFragment[];
  /** Whether there are more than the list may have. */
  readonly hasMore: boolean;
  /** The client's `acknowledgeAlarm`. What it changes comes as what others change does. */
  readonly acknowledge: AlarmClient['acknowledgeAlarm'];
  /** The client's `closeAlarm`. */
  readonly close: AlarmClient['closeAlarm'];
  /** The client's `addAlarmNote`. */
  readonly addNote: AlarmClient['addAlarmNote'];
}

const DEFAULT_LIMIT = 100;

/** From a page that could not be had to the next attempt, in ms. */
const RETRY_MS = 2000;

/** The alarms that there are, and whatever changes about them, by whomever. */
export const useAlarms = (options: UseAlarmsOptions = {}): LiveAlarms =>
  useStore(createAlarmsStore, options);

export function createAlarmsStore(
  client: Client,
  { filter, limit = DEFAULT_LIMIT }: UseAlarmsOptions,
): Store<LiveAlarms> {
  const { states, ...others } = filter ?? {};
  let alarms: readonly AlarmFragment[] = [];
  let hasMore = false;
  /** Undefined: a page comes first. */
  let after: string | undefined;
  const show = (): void => store.patch({ alarms, hasMore });
  const frame = createFrame(show);

  const take = (page: AlarmPage): void => {
    alarms = page.alarms.slice(0, limit);
    hasMore = page.hasNextPage || page.alarms.length > limit;
    after = page.cursor;
    show();
  };

  const followChanges = (): (() => void) =>
    // With the states, nobody would tell that an alarm has left them.
    follow(client, client.alarms({ filter: others, after }), {
      next: (alarm) => {
        after = alarm.cursor;
        const fits = states?.includes(alarm.state) ?? true;
        const changed = fits ? withAlarm(alarms, alarm) : withoutAlarm(alarms, alarm);
        hasMore ||= changed.length > limit;
        const isShorter = changed.length < alarms.length;
        alarms = changed.slice(0, limit);
        frame.request();
        if (isShorter && hasMore) readAgain();
      },
      status: (status) => store.patch(status),
    });

  /** The gateway has alarms for the room that is left. */
  const readAgain = (): void => {
    after = undefined;
    store.restart();
  };

  const start = (): (() => void) => {
    let hasStopped = false;
    let end = (): void => undefined;
    let timer: unknown;
    const begin = async (): Promise<void> => {
      try {
        if (after === undefined) {
          const page = await client.alarmHistory({ filter, first: limit });
          if (hasStopped) return;
          take(page);
        }
        end = followChanges();
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        if (hasStopped) return;
        store.patch({ isLive: false });
        if (error.retryable) timer = platform.setTimeout(() => void begin(), RETRY_MS);
        else store.patch({ error });
      }
    };
    void begin();
    return () => {
      hasStopped = true;
      platform.clearTimeout(timer);
      end();
      frame.cancel();
      show();
    };
  };

  const store = new Store<LiveAlarms>(
    {
      alarms,
      hasMore,
      isLive: false,
      error: undefined,
      retry: () => store.restart(),
      acknowledge: client.acknowledgeAlarm,
      close: client.closeAlarm,
      addNote: client.addAlarmNote,
    },
    start,
  );
  return store;
}

const withoutAlarm = (
  alarms: readonly AlarmFragment[],
  { id }: AlarmFragment,
): readonly AlarmFragment[] => alarms.filter((other) => other.id !== id);

/**
 * A known alarm keeps its place: it opened when it opened. One that has just opened is the first,
 * also when it was read back late and `openedAt` is long ago. Of another one only `openedAt` tells
 * where it belongs: it is new to the filter, or has left the list at the end before.
 */
function withAlarm(
  alarms: readonly AlarmFragment[],
  alarm: AlarmFragment,
): readonly AlarmFragment[] {
  if (alarms.some(({ id }) => id === alarm.id)) {
    return alarms.map((other) => (other.id === alarm.id ? alarm : other));
  }
  let place = 0;
  if (!hasJustOpened(alarm)) {
    alarms.forEach(({ openedAt }, index) => {
      if (openedAt > alarm.openedAt) place = index + 1;
    });
  }
  return [...alarms.slice(0, place), alarm, ...alarms.slice(place)];
}

/** Whether nothing has changed about it: every change leaves its mark. */
const hasJustOpened = ({ state, eventCount, notes }: AlarmFragment): boolean =>
  state === 'OPEN' && eventCount === 1 && notes.length === 0;
