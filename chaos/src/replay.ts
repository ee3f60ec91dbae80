import { createClient } from '@se5/client';
import { type Received, toReceived } from './clients/received.ts';

/** All events of the journal, with its gaps, as one gets them who was away all the time. */
export async function replay(url: string, after: string, token?: string): Promise<Received[]> {
  await using client = createClient({ url, token });
  const [newest] = (await client.history({ last: 1 })).events;
  const received: Received[] = [];
  if (!newest) return received;
  for await (const event of client.recognitionEvents({ after })) {
    received.push(toReceived(event));
    if (event.id === newest.id) break;
  }
  return received;
}
