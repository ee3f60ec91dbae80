import type { Received } from '../../clients/received.ts';
import type { Finding } from '../../verdict/finding.ts';

/** What one gateway has in its history, in its order. */
export interface GatewayHistory {
  /** Of the gateway. */
  readonly name: string;
  readonly events: readonly Received[];
}

export interface Merged {
  /** All events that any gateway has, once, in the order of each that has them. */
  readonly events: readonly Received[];
  /** Two gateways have two events in different orders. */
  readonly findings: readonly Finding[];
}

/** Brings histories together that may each miss some events, and shall have one order. */
export function merged(histories: readonly GatewayHistory[]): Merged {
  const findings: Finding[] = [];
  const events: Received[] = [];
  /** How many histories have an event that is not taken yet. */
  const holders = new Map<string, number>();
  for (const { id } of histories.flatMap((history) => history.events)) {
    holders.set(id, (holders.get(id) ?? 0) + 1);
  }
  const places = histories.map(() => 0);
  const taken = new Set<string>();
  const head = (index: number): Received | undefined => {
    const { events: own = [] } = histories[index] ?? {};
    let place = places[index] ?? 0;
    // Taken before its turn: that was a finding.
    while (taken.has(own[place]?.id ?? '')) place += 1;
    places[index] = place;
    return own[place];
  };
  for (;;) {
    const heads = histories.flatMap((_, index) => head(index) ?? []);
    const [first] = heads;
    if (!first) return { events, findings };
    const isNext = ({ id }: Received) =>
      heads.filter((other) => other.id === id).length === holders.get(id);
    const next = heads.find(isNext) ?? first;
    if (!isNext(next)) {
      const what = `have events in different orders: ${heads.map(({ serial }) => serial).join(', ')} come next`;
      findings.push({ who: 'the gateways', what, at: next.at });
    }
    events.push(next);
    taken.add(next.id);
  }
}
