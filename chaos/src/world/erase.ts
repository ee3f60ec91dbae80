import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** From a refusal until the gateway is asked again, in ms. */
const AGAIN_MS = 200;

const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);

/**
 * Asks the gateway to erase a person, through the socket that its command `erase` uses. While the
 * gateway does not run or refuses, it is asked again, as an operator would.
 *
 * @param note Takes each reason why it has to be asked again.
 * @throws {Error} with the last of these reasons, when the signal aborts first.
 */
export async function erase(
  socketPath: string,
  identityId: string,
  signal: AbortSignal,
  note: (why: string) => void,
): Promise<void> {
  const request = `${JSON.stringify({ kind: 'identity', identityId })}\n`;
  let last: string | undefined;
  for (;;) {
    const refusal = await ask(socketPath, request, signal);
    if (refusal === undefined) return;
    if (signal.aborted) throw new Error(`a person was not erased in time: ${last ?? refusal}`);
    if (refusal !== last) note(refusal);
    last = refusal;
    // An abort ends the pause early. Then the next question fails at once.
    await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Asks once. @returns why the erasure was not done; undefined when it was. */
async function ask(
  path: string,
  request: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const socket = connect({ path, signal });
    socket.write(request);
    const said = await text(socket);
    if (said === '') return 'the gateway ended before it answered';
    const answer = answerSchema.parse(JSON.parse(said));
    return answer.kind === 'done' ? undefined : answer.message;
  } catch (error) {
    return String(error);
  }
}
