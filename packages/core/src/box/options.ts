import type { Clock } from '../clock.ts';
import type { PictureDemand } from '../protocol/dialect.ts';
import type { DialectName } from '../protocol/dialects/index.ts';
import type { DeviceId } from '../protocol/ids.ts';

/** How to reach one box, and how to treat it. Times are in ms, sizes in bytes. */
export interface BoxOptions {
  /** Name or address, without scheme or port. */
  readonly host: string;
  /** WebSocket port. Default 5679. */
  readonly eventPort?: number;
  /** HTTP port. Default 5555. */
  readonly apiPort?: number;
  /** Default `v5`. */
  readonly dialect?: DialectName;
  /** How a changed configuration reaches the box: on the open socket (default), or by a new
   *  connection that is configured before the old one closes. An event that both then bring
   *  is told twice. */
  readonly reconfigure?: 'resend' | 'reconnect';
  /** A fixed list of devices: the box is then not the one that decides what is listened to. */
  readonly devices?: readonly DeviceId[];
  /** What was known of the box the last time, used until it answers. */
  readonly lastKnownDevices?: readonly DeviceId[];
  /** Default { live: false, registered: false }. */
  readonly demand?: PictureDemand;
  /** No event for so long makes the link SILENT. Default 600,000 (10 min). */
  readonly silentAfterMs?: number;
  /** How often the devices are asked for, beside once at each connect. Default 60,000. */
  readonly devicePollMs?: number;
  /** Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Bound of one HTTP exchange. Default 10,000. */
  readonly httpTimeoutMs?: number;
  /** Between WebSocket pings, and how long a pong may take. Default 15,000; 0 sends none. */
  readonly pingMs?: number;
  /** Default 33,554,432 (32 MiB); a larger message ends the connection with MESSAGE_TOO_LARGE. */
  readonly maxMessageBytes?: number;
  /** Messages that are read in a second, with as many at once after a pause; the box has to wait
   *  with more, and nothing of it is lost. Default 2,000. */
  readonly maxMessagesPerSecond?: number;
  /** The same in bytes; one message may have more. Default 67,108,864 (64 MiB). */
  readonly maxBytesPerSecond?: number;
  /** Bounds of the full-jitter exponential back-off. Default 500 and 3,000. */
  readonly backoffMs?: { readonly min: number; readonly max: number };
  /** A connection that lived so long starts the back-off anew. Default 60,000. */
  readonly stableAfterMs?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
}
