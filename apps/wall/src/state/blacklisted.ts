import type { Client, RecognitionEvent } from '@se5/client';
import { readHistory } from './read-history.ts';
import type { Store } from './store.ts';
import { withAddresses } from './with-addresses.ts';

/** Events that are held in view; the newest. */
const maxEvents = 20;

/** How far back a page that is opened looks for them, in ms. */
const lookBackMs = 10 * 60_000;

const ofBlacklist = { personTypes: ['BLACKLIST'] } as const;

const nothing = { events: [], cursor: undefined };

/** Fills a store with people on the blacklist, newest first, whatever the filters of the wall hide. @returns stops. */
export function followBlacklisted(
  client: Client,
  store: Store<readonly RecognitionEvent[]>,
): () => void {
  let closed = false;
  let stop = () => {};
  const add = (event: RecognitionEvent) =>
    store.set([withAddresses(client, event), ...store.get()].slice(0, maxEvents));
  const begin = async () => {
    const from = new Date(Date.now() - lookBackMs).toISOString();
    const filter = { ...ofBlacklist, from };
    const recent = await readHistory(client, { filter, last: maxEvents });
    if (closed || recent === 'refused') return;
    const { events, cursor } = recent === 'none' ? nothing : recent;
    for (const event of events) add(event);
    const stream = client.recognitionEvents({
      withImages: true,
      filter: ofBlacklist,
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
