import { digestOf } from '../canonical-json.ts';
import { FIELD_GROUPS, type FieldGroup, type RoleConfig } from '../config/access.ts';
import {
  compileScope,
  type EventFilter,
  type EventPlace,
  type EventScope,
} from '../journal/filter.ts';

/** What one role lets see. */
export type Grant = Pick<
  RoleConfig,
  'siteIds' | 'boxIds' | 'deviceIds' | 'personTypes' | 'fields' | 'historyMs'
>;

/** Fields of the events of a scope, as far back as `historyMs`. */
export interface ScopedGrant extends Pick<Grant, 'fields' | 'historyMs'> {
  readonly scope: EventScope;
}

interface CompiledGrant {
  readonly grant: Grant;
  readonly scope: EventScope;
  readonly covers: (event: EventPlace) => boolean;
  readonly fields: ReadonlySet<FieldGroup>;
}

const NO_FIELDS: ReadonlySet<FieldGroup> = new Set();
const ALL_FIELDS: ReadonlySet<FieldGroup> = new Set(FIELD_GROUPS);

const KEY_LENGTH = 16;

/**
 * What viewers with equal rights may see: the union of their grants. Answers depend on it and on
 * nothing else of a viewer, so that all of a class share one.
 *
 * An event is there for the class when one grant covers it; of it, those fields are shown that one
 * of the covering grants has. What has been is there as far back as a covering grant reaches, by
 * `receivedAt`.
 */
export class PermissionClass {
  /** Equal for equal grants, over restarts too: 16 characters of base64url, short enough for an address. */
  readonly key: string;
  /** Everything that there is may be seen. */
  readonly isUnlimited: boolean;
  readonly #grants: readonly CompiledGrant[];
  /** Of every event, where no grant is limited to some; undefined where it depends on the event. */
  readonly #fields: ReadonlySet<FieldGroup> | undefined;
  readonly #liveScopes: readonly EventScope[];

  constructor(grants: readonly Grant[]) {
    const normal = normalised(grants);
    this.key = digestOf(normal).slice(0, KEY_LENGTH);
    this.#grants = normal.map((grant) => {
      const scope = scopeOf(grant);
      return { grant, scope, covers: compileScope(scope), fields: new Set(grant.fields) };
    });
    this.isUnlimited = normal.some(isEverything);
    this.#liveScopes = this.#grants.map(({ scope }) => scope);
    const [first, ...others] = this.#grants;
    if (this.isUnlimited) this.#fields = ALL_FIELDS;
    else if (others.length === 0) this.#fields = first?.fields ?? NO_FIELDS;
  }

  /**
   * The part of a filter's events that the class may see as they happen. Who a person is must not
   * be told by what a filter finds: one that names persons or groups finds nothing beyond the grants
   * that have `identity`.
   */
  live(filter: EventFilter): EventFilter {
    if (this.isUnlimited) return filter;
    return { ...filter, scopes: this.#grantsFor(filter).map(({ scope }) => scope) };
  }

  /**
   * The same of what has been, at this time in ms since the Unix epoch.
   *
   * @param begun When the viewer connected, as ms since the Unix epoch: what came since is there
   *   however short the history. Default: the viewer was not connected.
   */
  past(filter: EventFilter, now: number, begun = Infinity): EventFilter {
    if (this.isUnlimited) return filter;
    return { ...filter, scopes: pastScopes(this.#grantsFor(filter), now, begun) };
  }

  /** The part of what has been that is shown with this field; undefined when nothing is. */
  pastShowing(field: FieldGroup, filter: EventFilter, now: number): EventFilter | undefined {
    if (this.isUnlimited) return filter;
    const grants = this.#grantsFor(filter).filter(({ fields }) => fields.has(field));
    const scopes = pastScopes(grants, now);
    return scopes.length === 0 ? undefined : { ...filter, scopes };
  }

  /**
   * Whether an event that has been may still be seen at this time by who asks by this filter.
   *
   * @param begun as for `past`.
   */
  remembers(event: EventPlace, now: number, filter: EventFilter = {}, begun = Infinity): boolean {
    return (
      this.isUnlimited ||
      this.#grantsFor(filter).some(
        ({ grant, covers }) => isRemembered(grant, event, now, begun) && covers(event),
      )
    );
  }

  /** Up to when, in ms since the Unix epoch, some of what has been may not be seen any more. */
  forgetsUpTo(now: number): number {
    return now - Math.min(...this.#grants.map(({ grant }) => grant.historyMs));
  }

  /**
   * What is shown of an event.
   *
   * @param now of an event that has been, in ms since the Unix epoch; undefined for one that is
   *   delivered as it happens.
   */
  fieldsOf(event: EventPlace, now?: number): ReadonlySet<FieldGroup> {
    if (this.#fields) return this.#fields;
    const fields = this.#grants
      .filter(
        ({ grant, covers }) =>
          (now === undefined || isRemembered(grant, event, now)) && covers(event),
      )
      .flatMap((each) => [...each.fields]);
    return new Set(fields);
  }

  /** What of a filter's events may be shown with this field; undefined when nothing may. */
  showing(field: FieldGroup, filter: EventFilter): EventFilter | undefined {
    if (this.isUnlimited) return filter;
    const scopes = this.#grantsFor(filter)
      .filter(({ fields }) => fields.has(field))
      .map(({ scope }) => scope);
    return scopes.length === 0 ? undefined : { ...filter, scopes };
  }

  /** The class may see the union of these. */
  get grants(): readonly ScopedGrant[] {
    return this.#grants.map(({ grant: { fields, historyMs }, scope }) => ({
      scope,
      fields,
      historyMs,
    }));
  }

  /** Parts of all events that are there for the class as they happen; undefined: all are. */
  get scopes(): readonly EventScope[] | undefined {
    return this.isUnlimited ? undefined : this.#liveScopes;
  }

  #grantsFor({ identityIds, groupNames }: EventFilter): readonly CompiledGrant[] {
    return identityIds || groupNames
      ? this.#grants.filter(({ fields }) => fields.has('identity'))
      : this.#grants;
  }
}

const isRemembered = (
  grant: Grant,
  { receivedAt }: EventPlace,
  now: number,
  begun = Infinity,
): boolean => receivedAt >= rememberedSince(grant, now, begun);

/** The least `receivedAt` of what a grant still shows; Infinity when that is nothing. */
const rememberedSince = ({ historyMs }: Grant, now: number, begun: number): number =>
  Math.min(historyMs > 0 ? now - historyMs : Infinity, begun);

/** What the grants still show of what has been. */
const pastScopes = (
  grants: readonly CompiledGrant[],
  now: number,
  begun = Infinity,
): readonly EventScope[] =>
  grants.flatMap(({ grant, scope }) => {
    const since = rememberedSince(grant, now, begun);
    if (since === Infinity) return [];
    return since === -Infinity ? scope : { ...scope, since };
  });

const scopeOf = ({ siteIds, boxIds, deviceIds, personTypes }: Grant): EventScope => ({
  ...(siteIds && { siteIds }),
  ...(boxIds && { boxIds }),
  ...(deviceIds && { deviceIds }),
  ...(personTypes && { personTypes }),
});

const isEverything = (grant: Grant): boolean =>
  Object.keys(scopeOf(grant)).length === 0 &&
  grant.historyMs === Infinity &&
  FIELD_GROUPS.every((field) => grant.fields.includes(field));

/** Written in one way, each once, and alone when one of them is everything. */
function normalised(grants: readonly Grant[]): readonly Grant[] {
  const everything = grants.find(isEverything);
  if (everything) return [{ fields: FIELD_GROUPS, historyMs: Infinity }];
  const written = grants.map((grant) => ({
    ...mapValues(scopeOf(grant)),
    fields: FIELD_GROUPS.filter((field) => grant.fields.includes(field)),
    historyMs: grant.historyMs,
  }));
  return [...new Map(written.map((grant) => [digestOf(grant), grant]))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, grant]) => grant);
}

const mapValues = (scope: EventScope): EventScope =>
  Object.fromEntries(
    Object.entries(scope).map(([name, list]) => [
      name,
      Array.isArray(list) ? [...new Set<string>(list)].toSorted((a, b) => (a < b ? -1 : 1)) : list,
    ]),
  );
