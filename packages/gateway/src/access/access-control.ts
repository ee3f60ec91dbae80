import { digestOf } from '../canonical-json.ts';
import type { AccessConfig } from '../config/access.ts';
import { Listeners } from '../listeners.ts';
import { type AdmissionOptions, type Admit, createAdmit } from './admission.ts';
import type { Authentication } from './authentication.ts';
import { Generations } from './generations.ts';
import type { IssuerObserver } from './jwt.ts';
import { type AccessEnd, type HeldViewer, LiveViewers } from './live-viewers.ts';
import { classesOfTokens, lossBetween } from './losses.ts';
import { openPolicy, type Policy } from './policy.ts';
import type { Viewer } from './viewer.ts';
import type { FileContent } from './watched-file.ts';

/** Who is told what becomes of credentials. Nothing that it is told holds one. */
export interface AccessObserver extends IssuerObserver, Pick<AdmissionOptions, 'wrongToken'> {
  /** A viewer has these roles, and the configuration has none of them. */
  readonly unknownRoles: (roles: readonly string[]) => void;
  /** The deny list was read, or could not be; and how many entries are in force. */
  readonly denyListRead: (content: FileContent, entries: number) => void;
  /** So many connections were ended, by the deny list or a new configuration. */
  readonly ended: (connections: number) => void;
}

export interface AccessControlOptions
  extends Pick<AdmissionOptions, 'wrongTokensPerMinute' | 'delayMs'> {
  readonly observer: AccessObserver;
  /** Told when something may have been taken away: what was made for viewers is to be made anew. */
  readonly revoked?: () => void;
  /** In ms since the Unix epoch. Default: `Date.now`. */
  readonly now?: () => number;
  /** Of elapsed time, in ms. Default: `performance.now`. */
  readonly elapsed?: () => number;
  /** How often files and expiries are looked at, in ms. Default 1,000. */
  readonly pollMs?: number;
}

/**
 * Who may see what, as the configuration has it now: lets viewers in, and ends their connections
 * when their credential expires, is revoked, or allows something else than before.
 */
export class AccessControl implements Disposable {
  readonly admit: Admit;
  readonly #observer: AccessObserver;
  readonly #revoked: () => void;
  readonly #open: (access: AccessConfig, before?: Policy) => Promise<Policy>;
  readonly #live: LiveViewers;
  readonly #generations: Generations;
  readonly #changes = new Listeners<AccessConfig>();
  #policy: Policy;
  #applied: Promise<void> = Promise.resolve();
  #isClosed = false;

  private constructor(
    policy: Policy,
    live: LiveViewers,
    open: (access: AccessConfig, before?: Policy) => Promise<Policy>,
    {
      wrongTokensPerMinute,
      delayMs,
      observer,
      revoked = () => {},
      elapsed = () => performance.now(),
    }: AccessControlOptions,
  ) {
    this.#policy = policy;
    this.#generations = new Generations(firstGeneration(policy));
    this.#live = live;
    this.#open = open;
    this.#observer = observer;
    this.#revoked = revoked;
    this.admit = createAdmit({
      authenticate: (credential) => this.#authenticate(credential),
      wrongTokensPerMinute,
      ...(delayMs !== undefined && { delayMs }),
      wrongToken: observer.wrongToken,
      now: elapsed,
    });
  }

  /** Resolves when the deny list and the issuers' files have been read. */
  static async open(access: AccessConfig, options: AccessControlOptions): Promise<AccessControl> {
    const { observer, now = Date.now, elapsed = () => performance.now(), pollMs } = options;
    let control: AccessControl | undefined;
    const open = (next: AccessConfig, before?: Policy): Promise<Policy> => {
      const shared = {
        observer,
        now,
        elapsed,
        pollMs,
        denied: (entries: ReadonlySet<string>) => {
          if (control) control.#denied(entries);
        },
        denyListRead: observer.denyListRead,
        unknownRoles: observer.unknownRoles,
      };
      return openPolicy(next, shared, before);
    };
    const live = new LiveViewers({ now, lookMs: pollMs });
    control = new AccessControl(await open(access), live, open, options);
    return control;
  }

  /**
   * Who holds a credential. It lets nobody in and counts no attempt: for the audit.
   *
   * @returns undefined when the credential is not taken, or can't be verified now.
   */
  async viewerOf(credential: string): Promise<Viewer | undefined> {
    const found = await this.#authenticate(credential);
    return found.kind === 'viewer' && found.viewer.kind === 'credential' ? found.viewer : undefined;
  }

  /**
   * Watches over a connection that lasts.
   *
   * @param end called once at most: maybe before this returns, and not after the disposal.
   */
  hold(viewer: Viewer, end: (why: AccessEnd) => void): HeldViewer {
    // It was let in a moment ago, perhaps by an older configuration.
    const why = this.#endOf(viewer);
    if (why === undefined) return this.#live.hold(viewer, end);
    end(why);
    return { renew() {}, [Symbol.dispose]() {} };
  }

  /** Why a viewer who was let in a moment ago may not go on; undefined when nothing is against it. */
  endOf(viewer: Viewer): AccessEnd | undefined {
    return this.#endOf(viewer);
  }

  /** Puts another configuration in force, after those of earlier calls, and judges all viewers anew. */
  apply(access: AccessConfig): Promise<void> {
    const applied = this.#applied.then(() => this.#apply(access));
    // One that fails does not keep the next one from being tried.
    this.#applied = applied.catch(() => {});
    return applied;
  }

  /** Tells those viewers to come back, and be judged anew. */
  sendBack(isConcerned: (viewer: Viewer) => boolean): void {
    const ended = this.#live.review((viewer) => (isConcerned(viewer) ? 'changed' : undefined));
    if (ended > 0) this.#observer.ended(ended);
  }

  /** Told of each configuration that `apply` has put in force. */
  onChange(listener: (access: AccessConfig) => void): Disposable {
    return this.#changes.add(listener);
  }

  /** Whether somebody can have the permission class with this key now. */
  isCurrent(classKey: string): boolean {
    return this.#policy.isCurrent(classKey);
  }

  /**
   * Grows whenever a credential of this permission class is revoked, or a role loses rights. After a
   * restart it is the same where nothing was taken away since the last start, and another where
   * something was.
   */
  generationOf(classKey: string): number {
    return this.#generations.of(classKey);
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#changes.clear();
    this.#live[Symbol.dispose]();
    this.#policy[Symbol.dispose]();
  }

  #authenticate(credential: string | undefined): Authentication | Promise<Authentication> {
    const policy = this.#policy;
    const found = policy.authenticate(credential);
    if (!(found instanceof Promise)) return found;
    // Another configuration may have come in force meanwhile.
    return found.then((late) => (policy === this.#policy ? late : this.#authenticate(credential)));
  }

  async #apply(access: AccessConfig): Promise<void> {
    const before = this.#policy;
    const policy = await this.#open(access, before);
    if (this.#isClosed) {
      policy[Symbol.dispose]();
      return;
    }
    this.#policy = policy;
    before.disposeBut(policy);
    const { classes, ofAny } = lossBetween(before.access, access);
    if (ofAny) this.#generations.growAll();
    for (const key of classes) this.#generations.grow(key);
    const denied = policy.denyList?.beyond(before.denyList);
    if (denied && denied.size > 0) this.#revoke(denied);
    this.#review();
    this.#changes.tell(access);
  }

  #denied(entries: ReadonlySet<string>): void {
    this.#revoke(entries);
    this.#review();
  }

  /** Whose `jti` or `sub` an entry is is not known once they have gone: it may be any class. */
  #revoke(entries: ReadonlySet<string>): void {
    const { access } = this.#policy;
    const { tokens, issuers } = access.kind === 'open' ? { tokens: [], issuers: [] } : access;
    const names = new Set(tokens.map(({ name }) => name));
    for (const key of classesOfTokens(access, entries)) this.#generations.grow(key);
    const isSubject = issuers.length > 0 || [...entries].some((entry) => !names.has(entry));
    if (isSubject) this.#generations.growAll();
  }

  #review(): void {
    this.#revoked();
    const ended = this.#live.review((viewer) => this.#endOf(viewer));
    if (ended > 0) this.#observer.ended(ended);
  }

  #endOf(viewer: Viewer): AccessEnd | undefined {
    const standing = this.#policy.standingOf(viewer);
    return standing === 'unchanged' ? undefined : standing;
  }
}

/** By who may be let in: nothing of it can be told from the number. */
function firstGeneration({ access, denyList }: Policy): number {
  const { tokens, issuers } = access.kind === 'open' ? { tokens: [], issuers: [] } : access;
  const denied = [...(denyList?.entries ?? [])].toSorted((a, b) => (a < b ? -1 : 1));
  const digest = digestOf([tokens, issuers.map(({ issuer }) => issuer), denied]);
  return Buffer.from(digest, 'base64url').readUInt32BE();
}
