/**
 * [assumed] How many device polls in a row may find nobody there before a quiet connection
 * that never answered a ping is taken for dead.
 */
export const LOST_POLLS_THAT_END_A_LINK = 3;

/**
 * Judges from the signs of life whether one connection is still one. No clock and no socket
 * in here: the owner says what happened, the answer says what to do. Any byte that was read
 * is a sign of life, so that a large message on a slow network is none of death.
 *
 * Nothing is documented on pings [assumed]: a box may never answer one. So
 *
 * - a box is judged by its pongs only once it has answered a ping on this connection. From
 *   then on, it is lost when nothing at all was read between one ping and the next.
 * - Until then the device polls stand in: it is lost when `LOST_POLLS_THAT_END_A_LINK` of
 *   them in a row found nobody there, and nothing was read meanwhile. A poll that is refused
 *   or answered badly shows that somebody is there.
 *
 * Below both, TCP keep-alive finds a box that is gone from the network.
 */
export class Heartbeat {
  #answersPings = false;
  #bytesAtPing: number | undefined;
  #lostPolls = 0;
  #bytesAtPoll: number | undefined;

  pong(): void {
    this.#answersPings = true;
  }

  get answersPings(): boolean {
    return this.#answersPings;
  }

  /** A ping is due. @param bytesRead on this connection so far. */
  pingDue(bytesRead: number): 'ping' | 'lost' {
    if (this.#answersPings && bytesRead === this.#bytesAtPing) return 'lost';
    this.#bytesAtPing = bytesRead;
    return 'ping';
  }

  /** A device poll found somebody there, whatever the answer. */
  pollAnswered(): void {
    this.#lostPolls = 0;
  }

  /** A device poll found nobody there. @param bytesRead on this connection so far. */
  pollLost(bytesRead: number): 'wait' | 'lost' {
    if (bytesRead !== this.#bytesAtPoll) this.#lostPolls = 0;
    this.#bytesAtPoll = bytesRead;
    this.#lostPolls += 1;
    if (this.#answersPings || this.#lostPolls < LOST_POLLS_THAT_END_A_LINK) return 'wait';
    return 'lost';
  }
}
