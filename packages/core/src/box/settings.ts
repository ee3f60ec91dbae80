import { systemClock } from '../clock.ts';
import type { BoxOptions } from './options.ts';

type Fixed = 'devices' | 'lastKnownDevices';

/** The options with every default filled in. */
export type BoxSettings = Required<Omit<BoxOptions, Fixed>> & Pick<BoxOptions, Fixed>;

const DEFAULTS = {
  eventPort: 5679,
  apiPort: 5555,
  dialect: 'v5',
  reconfigure: 'resend',
  demand: { live: false, registered: false },
  silentAfterMs: 600_000,
  devicePollMs: 60_000,
  connectTimeoutMs: 10_000,
  httpTimeoutMs: 10_000,
  pingMs: 15_000,
  maxMessageBytes: 32 * 1024 * 1024,
  maxMessagesPerSecond: 2_000,
  maxBytesPerSecond: 64 * 1024 * 1024,
  backoffMs: { min: 500, max: 3_000 },
  stableAfterMs: 60_000,
  clock: systemClock,
} as const satisfies Omit<BoxSettings, 'host' | Fixed>;

export const withDefaults = (options: BoxOptions): BoxSettings => ({ ...DEFAULTS, ...options });
