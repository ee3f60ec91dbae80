import type { Client } from '@se5/client';
import { BOX_ATTACK_NAMES } from './attack.ts';
import { Tally } from './tally.ts';

/** What of the gateway's metrics tells what it made of a box. */
const METRICS = [
  ['se5_events_total', 'taken into the journal'],
  ['se5_unreadable_total', 'unreadable'],
] as const;

/** What the gateway makes of the hostile boxes, as it says itself. */
export class BoxOutcomes implements Disposable {
  readonly #errors = new Map<string, string | null>();
  readonly #tallies = new Map<string, Tally>(BOX_ATTACK_NAMES.map((name) => [name, new Tally()]));
  readonly #stop: () => void;

  /** Follows how the links end from now on. */
  constructor(client: Client) {
    this.#stop = client.boxStatus({ boxIds: BOX_ATTACK_NAMES }).subscribe({
      // While a link is up, the error is one of the list of devices.
      next: ({ id, link: { state, lastError } }) =>
        this.#linked(id, state === 'LIVE' || state === 'SILENT' ? null : lastError),
      error: () => undefined,
    });
  }

  /** @returns for each box what has become of its messages and its links so far. */
  async read(url: string, token: string): Promise<ReadonlyMap<string, Tally>> {
    const headers = { authorization: `Bearer ${token}` };
    // A gateway that is gone tells nothing more.
    const response = await fetch(`${url}/metrics`, { headers }).catch(() => undefined);
    const metrics = (await response?.text()) ?? '';
    for (const [box, tally] of this.#tallies) {
      for (const [metric, outcome] of METRICS) {
        const line = new RegExp(`^${metric}\\{box="${box}"\\} (\\d+)$`, 'm').exec(metrics);
        if (line) tally.got(outcome, Number(line[1]));
      }
    }
    return this.#tallies;
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  #linked(box: string, error: string | null): void {
    if (error !== null && error !== this.#errors.get(box)) {
      this.#tallies.get(box)?.got(`link ended: ${error.replace(/:.*/s, '')}`);
    }
    this.#errors.set(box, error);
  }
}
