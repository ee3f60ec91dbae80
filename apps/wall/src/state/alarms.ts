import type { Client, RecognitionEvent } from '@se5/client';
import { readHistory } from './read-history.ts';
import type { Store } from './store.ts';
import { withAddresses } from './with-addresses.ts';

/** Alarms that are held in view; the newest. */
const maxAlarms = 20;

/** How far back a page that is opened looks for alarms that nobody has seen, in ms. */
const lookBackMs = 10 * 60_000;

const ofAlarms = { personTypes: ['BLACKLIST'] } as const;

const nothing = { events: [], cursor: undefined };

/** Fills a store with alarms, newest first, whatever the filters of the wall hide. @returns stops. */
export function followAlarms(
  client: Client,
  alarms: Store<readonly RecognitionEvent[]>,
): () => void {
  let closed = false;
  let stop = () => {};
  const add = (event: RecognitionEvent) =>
    alarms.set([withAddresses(client, event), ...alarms.get()].slice(0, maxAlarms));
  const begin = async () => {
    const from = new Date(Date.now() - lookBackMs).toISOString();
    const filter = { ...ofAlarms, from };
    const recent = await readHistory(client, { filter, last: maxAlarms });
    if (closed || recent === 'refused') return;
    const { events, cursor } = recent === 'none' ? nothing : recent;
    for (const event of events) add(event);
    const stream = client.recognitionEvents({
      withImages: true,
      filter: ofAlarms,
      after: cursor,
    });
    stop = stream.subscribe({ next: add, error() {} });
  };
  void begin();
  return () => {
    closed = true;
    stop();
  };
}
