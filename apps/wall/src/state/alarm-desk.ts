import { type Alarm, type Client, ClientError } from '@se5/client';
import { type AlarmBoard, withoutAlarm } from './alarm-board.ts';
import { createStore, type Store } from './store.ts';

/** Why an act did not count. */
export interface Refusal {
  /** Of the gateway, such as `ALARM_ACKNOWLEDGED`, or of the client where it had no answer. */
  readonly code: string;
  readonly message: string;
}

/** How the acts of this page stand. */
export interface Desk {
  /** Whether the viewer may answer alarms; undefined until the gateway has told. */
  readonly mayAnswer: boolean | undefined;
  /** The alarms of which an act has no answer yet, by id. */
  readonly busy: ReadonlySet<string>;
  /** The refusal of the last act of an alarm, by its id. */
  readonly refusals: ReadonlyMap<string, Refusal>;
}

/** What a viewer can do about an alarm. What it changes comes as what others change does. */
export interface AlarmDesk {
  readonly desk: Store<Desk>;
  /** Asks what the viewer may do: on each connection, since a gateway ends those whose rights change. */
  readonly askRights: () => void;
  readonly take: (id: string) => void;
  /** @param text 1 to 1,000 characters. */
  readonly note: (id: string, text: string) => void;
  /** @param note empty for none. */
  readonly close: (id: string, note: string) => void;
  /** The refusal of the alarm's last act has been read. */
  readonly forget: (id: string) => void;
}

export function openAlarmDesk(client: Client, board: Store<AlarmBoard>): AlarmDesk {
  const desk = createStore<Desk>({ mayAnswer: undefined, busy: new Set(), refusals: new Map() });

  const without = (id: string) => [...desk.get().refusals].filter(([other]) => other !== id);
  const askRights = async () => {
    try {
      const { mayAnswer } = await client.viewer();
      desk.set({ ...desk.get(), mayAnswer });
    } catch {
      // The page says how its connection stands. Until the gateway tells, nothing changes.
    }
  };
  const end = (id: string, refusal: Refusal | undefined) => {
    const { mayAnswer, busy } = desk.get();
    const others = without(id);
    const isForbidden = refusal?.code === 'NOT_ALLOWED';
    if (refusal?.code === 'ALARM_NOT_FOUND') board.set(withoutAlarm(board.get(), id));
    desk.set({
      mayAnswer: isForbidden ? false : mayAnswer,
      busy: new Set([...busy].filter((other) => other !== id)),
      refusals: new Map(refusal && !isForbidden ? [...others, [id, refusal]] : others),
    });
  };
  const act = async (id: string, send: () => Promise<Alarm>) => {
    const { busy, mayAnswer } = desk.get();
    if (!mayAnswer || busy.has(id)) return;
    desk.set({ ...desk.get(), busy: new Set([...busy, id]) });
    try {
      await send();
      end(id, undefined);
    } catch (error) {
      end(id, refusalOf(error));
    }
  };
  return {
    desk,
    askRights: () => void askRights(),
    take: (id) => void act(id, () => client.acknowledgeAlarm(id)),
    note: (id, text) => void act(id, () => client.addAlarmNote(id, text)),
    close: (id, note) => void act(id, () => client.closeAlarm(id, note === '' ? {} : { note })),
    forget: (id) => {
      if (desk.get().refusals.has(id)) desk.set({ ...desk.get(), refusals: new Map(without(id)) });
    },
  };
}

function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ClientError)) throw error;
  const [detail] = error.errors;
  return { code: detail?.code ?? error.code, message: error.message };
}
