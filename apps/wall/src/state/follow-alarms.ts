import { type Alarm, type Client, ClientError } from '@se5/client';
import { type AlarmBoard, maxAlarms, withAlarms } from './alarm-board.ts';
import type { Store } from './store.ts';
import { withAddresses } from './with-addresses.ts';

/** From a page that could not be had to the next attempt, in ms. */
const retryMs = 2_000;

/** The gateway's bound of a page. */
const maxPage = 100;

/** Fills a board with the alarms that there are, and all that changes about them. @returns stops. */
export function followAlarms(client: Client, board: Store<AlarmBoard>): () => void {
  let closed = false;
  let stop = () => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  // At once, not once a frame: a hidden tab has no frames, but its title counts the alarms.
  const add = (alarms: readonly Alarm[]) => {
    if (!closed)
      board.set(
        withAlarms(
          board.get(),
          alarms.map((alarm) => shown(client, alarm)),
        ),
      );
  };
  const begin = async () => {
    try {
      const open = await pages(client, 'OPEN');
      const others = await Promise.all([pages(client, 'ACKNOWLEDGED'), pages(client, 'CLOSED')]);
      if (closed) return;
      add([open, ...others].flatMap(({ alarms }) => alarms));
      // What changed while the pages were read comes again.
      const stream = client.alarms({ after: open.cursor });
      stop = stream.subscribe({ next: (alarm) => add([alarm]), error() {} });
    } catch (error) {
      if (closed) return;
      // Whatever cannot be tried again, the state of the connection says.
      if (error instanceof ClientError && error.retryable) {
        timer = setTimeout(() => void begin(), retryMs);
      }
    }
  };
  void begin();
  return () => {
    closed = true;
    clearTimeout(timer);
    stop();
  };
}

/** The newest alarms of a state, and the cursor from before they were read. */
async function pages(client: Client, state: Alarm['state']) {
  const filter = { states: [state] };
  const most = maxAlarms[state];
  const first = Math.min(most, maxPage);
  const { alarms: newest, cursor, ...rest } = await client.alarmHistory({ filter, first });
  const alarms = [...newest];
  let { hasNextPage, endCursor: after } = rest;
  while (hasNextPage && after !== null && alarms.length < most) {
    const page = await client.alarmHistory({ filter, first, after });
    alarms.push(...page.alarms);
    ({ hasNextPage, endCursor: after } = page);
  }
  return { alarms, cursor };
}

const shown = (client: Client, alarm: Alarm): Alarm => ({
  ...alarm,
  lastEvent: alarm.lastEvent && withAddresses(client, alarm.lastEvent),
});
