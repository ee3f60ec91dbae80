import type { AccessConfig } from '../config/access.ts';
import { Listeners } from '../listeners.ts';
import { type AdmissionOptions, type Admit, createAdmit } from './admission.ts';
import type { Authentication } from './authentication.ts';
import { type DeniedElsewhere, NOBODY_ELSE } from './denied-elsewhere.ts';
import { Generations } from './generations.ts';
import type { IssuerObserver } from './jwt.ts';
import { type AccessEnd, type HeldViewer, LiveViewers } from './live-viewers.ts';
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
  /** What is denied beside the deny list of this gateway. Default: nothing. */
  readonly elsewhere?: DeniedElsewhere;
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
  readonly #elsewhere: DeniedElsewhere;
  readonly #hearing: Disposable;
  #generations: Generations;
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
      elsewhere = NOBODY_ELSE,
      revoked = () => {},
      elapsed = () => performance.now(),
    }: AccessControlOptions,
  ) {
    this.#policy = policy;
    this.#elsewhere = elsewhere;
    this.#generations = this.#generationsNow();
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
    elsewhere.tell(this.#denied);
    this.#hearing = elsewhere.onChange(() => this.#judgeAnew());
  }

  /** Resolves when the deny list and the issuers' files have been read. */
  static async open(access: AccessConfig, options: AccessControlOptions): Promise<AccessControl> {
    const { observer, now = Date.now, elapsed = () => performance.now(), pollMs } = options;
    const { elsewhere = NOBODY_ELSE } = options;
    let control: AccessControl | undefined;
    const open = (next: AccessConfig, before?: Policy): Promise<Policy> => {
      const shared = {
        observer,
        now,
        elapsed,
        pollMs,
        denyListChanged: () => {
          if (control) control.#denyListChanged();
        },
        deniedElsewhere: () => elsewhere.entries,
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
   * Another number when a credential of this permission class is revoked, or the configuration gives
   * other rights; the same after a restart, and on another gateway with the same configuration.
   */
  generationOf(classKey: string): number {
    return this.#generations.of(classKey);
  }

  [Symbol.dispose](): void {
    this.#isClosed = true;
    this.#changes.clear();
    this.#hearing[Symbol.dispose]();
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
    this.#elsewhere.tell(this.#denied);
    this.#judgeAnew();
    this.#changes.tell(access);
  }

  #denyListChanged(): void {
    this.#elsewhere.tell(this.#denied);
    this.#judgeAnew();
  }

  /** By the deny list of this gateway. */
  get #denied(): ReadonlySet<string> {
    return this.#policy.denyList?.entries ?? new Set();
  }

  #generationsNow(): Generations {
    const denied = new Set([...this.#denied, ...this.#elsewhere.entries]);
    return new Generations(this.#policy.access, denied);
  }

  #judgeAnew(): void {
    this.#generations = this.#generationsNow();
    this.#revoked();
    const ended = this.#live.review((viewer) => this.#endOf(viewer));
    if (ended > 0) this.#observer.ended(ended);
  }

  #endOf(viewer: Viewer): AccessEnd | undefined {
    const standing = this.#policy.standingOf(viewer);
    return standing === 'unchanged' ? undefined : standing;
  }
}
