import { WebSocket } from 'ws';
import { closeReason } from './close-reason.ts';

/** By the codes with which `ws` closes a socket for what the client sends (RFC 6455, section 7.4.1). */
const REASONS: ReadonlyMap<number, string> = new Map([
  [1002, closeReason('BAD_REQUEST', 'a frame is not valid (RFC 6455)')],
  [1007, closeReason('BAD_REQUEST', 'a message is not UTF-8')],
  [1008, closeReason('REQUEST_ENTITY_TOO_LARGE', 'a message has too many fragments')],
  [1009, closeReason('REQUEST_ENTITY_TOO_LARGE', 'a message is larger than limits.messageBytes')],
]);

/** A WebSocket that gives a reason, with a code of ours, when `ws` closes it by itself. */
export class ReasonedWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code, reason ?? (code === undefined ? undefined : REASONS.get(code)));
  }
}
