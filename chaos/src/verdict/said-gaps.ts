import type { Gap, Received } from '../clients/received.ts';
import type { ClientRecord } from '../clients/subscriber.ts';
import type { JournalOrder } from './journal-order.ts';

/** A gap, and the event that it came with. */
export interface SaidGap {
  /** A client, or the journal. */
  readonly who: string;
  readonly gap: Gap;
  readonly event: Received;
  /** What the client got before; undefined when that was the first. */
  readonly previous: Received | undefined;
}

const saidIn = (who: string, received: readonly Received[]): SaidGap[] =>
  received.flatMap((event, index) =>
    event.gapsBefore.map((gap) => ({ who, gap, event, previous: received[index - 1] })),
  );

export const saidInJournal = ({ events }: JournalOrder): SaidGap[] => saidIn('the journal', events);

export const saidTo = ({ name, received }: ClientRecord): SaidGap[] => saidIn(name, received);
