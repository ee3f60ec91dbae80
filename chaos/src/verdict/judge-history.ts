import { createClient } from '@se5/client';
import type { Finding } from './finding.ts';
import type { JournalOrder } from './journal-order.ts';

const who = 'the history';

/** The history, page by page, has the same events in the same order. */
export async function judgeHistory(
  url: string,
  { events }: JournalOrder,
  token?: string,
): Promise<Finding[]> {
  await using client = createClient({ url, token });
  let after: string | undefined;
  let count = 0;
  for (;;) {
    const page = await client.history({ first: 500, after });
    for (const { id } of page.events) {
      if (events[count]?.id !== id) {
        const what = `has ${id} at ${count}, where a replay has ${events[count]?.id}`;
        return [{ who, what, at: Date.now() }];
      }
      count += 1;
    }
    if (!page.hasNextPage) break;
    after = page.cursor;
  }
  const what = `has ${count} events, a replay ${events.length}`;
  return count === events.length ? [] : [{ who, what, at: Date.now() }];
}
