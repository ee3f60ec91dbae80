import type { Audience } from './clients/audience.ts';
import { hasAll } from './clients/progress.ts';
import type { SentEvent } from './world/sent-event.ts';
import type { SimulatedBox } from './world/simulated-box.ts';

export interface Stage {
  readonly boxes: readonly SimulatedBox[];
  /** All that all boxes said. */
  readonly sent: readonly SentEvent[];
  readonly audience: Audience;
}

/**
 * Has each box say something, and settles when all clients have it.
 *
 * @throws {Error} with the clients that do not have it, when the signal aborts first.
 */
export async function speakLast(
  { boxes, sent, audience }: Stage,
  signal: AbortSignal,
): Promise<void> {
  const said = sent.length;
  for (const box of boxes) box.speakLast();
  const isLevel = hasAll(sent.slice(said));
  try {
    await audience.until((records) => records.every(isLevel), signal);
  } catch (cause) {
    const waiting = audience.records.flatMap((record, client) =>
      isLevel(record) ? [] : [`${record.name}: ${audience.state(client)}`],
    );
    throw new Error(
      `${waiting.length} clients did not get the last events (${waiting.join('; ')})`,
      {
        cause,
      },
    );
  }
}
