import type { Authenticate, Authentication, FaultyCredential } from './authentication.ts';
import type { Viewer } from './viewer.ts';

/** Whether somebody may ask. */
export type Admission =
  | { readonly kind: 'admitted'; readonly viewer: Viewer }
  | ({ readonly kind: 'unauthenticated' } & FaultyCredential)
  /** A wrong credential, after too many others. */
  | { readonly kind: 'too many attempts'; readonly retryAfterS: number }
  /** Nobody can say now whether the credential is right. */
  | { readonly kind: 'issuer unavailable'; readonly retryAfterS: number };

/** @param address tells clients apart; undefined for this machine and proxies themselves. */
export type Admit = (
  credential: string | undefined,
  address: string | undefined,
) => Admission | Promise<Admission>;

export interface AdmissionOptions {
  readonly authenticate: Authenticate;
  /** From one address. */
  readonly wrongTokensPerMinute: number;
  /** How late the answer to a wrong token is, in ms. Default 1,000. */
  readonly delayMs?: number;
  /** @param attempts is how many wrong tokens this address has sent in this minute. */
  readonly wrongToken: (address: string | undefined, attempts: number) => void;
  /** In ms, of any origin. Default: `performance.now`. */
  readonly now?: () => number;
}

const DELAY_MS = 1_000;
const WINDOW_MS = 60_000;

/** Addresses whose attempts are remembered; the first that began is forgotten for one more. */
const MAX_ADDRESSES = 10_000;

/** Answers that are held back at once; each is one connection. */
const MAX_DELAYED = 100;

export const TOO_MANY_ATTEMPTS_MESSAGE =
  'Too many wrong tokens have come. The right one is let in at any time.';

/**
 * Slows down guesses: the answer to a wrong token comes late, and above so many in a minute from
 * one address it is `too many attempts`. The right token is let in whatever else its address has
 * sent: one who guesses must not lock out all who share the address.
 */
export function createAdmit({
  authenticate,
  wrongTokensPerMinute,
  delayMs = DELAY_MS,
  wrongToken,
  now = () => performance.now(),
}: AdmissionOptions): Admit {
  const windows = new Map<string | undefined, { readonly since: number; attempts: number }>();
  let delayed = 0;

  function windowOf(address: string | undefined) {
    const known = windows.get(address);
    if (known !== undefined && now() - known.since < WINDOW_MS) return known;
    const fresh = { since: now(), attempts: 0 };
    windows.delete(address);
    windows.set(address, fresh);
    if (windows.size > MAX_ADDRESSES) windows.delete(windows.keys().next().value);
    return fresh;
  }

  async function late(): Promise<Admission> {
    delayed += 1;
    await new Promise((resolve) => setTimeout(resolve, delayMs).unref());
    delayed -= 1;
    return { kind: 'unauthenticated', credential: 'wrong' };
  }

  function decide(
    found: Authentication,
    address: string | undefined,
  ): Admission | Promise<Admission> {
    if (found.kind === 'viewer') return { kind: 'admitted', viewer: found.viewer };
    if (found.kind === 'issuer unavailable') return found;
    // Nobody guesses a credential that has expired or was revoked.
    if (found.credential !== 'wrong') return { ...found, kind: 'unauthenticated' };
    const window = windowOf(address);
    window.attempts += 1;
    wrongToken(address, window.attempts);
    const isWithinLimit = window.attempts <= wrongTokensPerMinute;
    if (isWithinLimit && delayed < MAX_DELAYED) return late();
    const endsInMs = isWithinLimit ? delayMs : window.since + WINDOW_MS - now();
    return { kind: 'too many attempts', retryAfterS: Math.max(1, Math.ceil(endsInMs / 1_000)) };
  }

  return (credential, address) => {
    const found = authenticate(credential);
    return found instanceof Promise
      ? found.then((late) => decide(late, address))
      : decide(found, address);
  };
}
