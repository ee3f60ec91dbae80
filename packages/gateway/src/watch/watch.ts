import type { SiteConfig } from '../config/config.ts';
import type { WatchRule } from '../config/watch.ts';
import { newAlarmId, type RuleMatch } from '../journal/alarm/alarm.ts';
import { compileFilter, type EventPredicate } from '../journal/filter.ts';
import type { Recognition } from '../journal/recognition.ts';
import { ZoneOffset } from '../zone-offset.ts';
import { Schedule } from './schedule.ts';

interface CompiledRule {
  readonly match: Omit<RuleMatch, 'alarm'>;
  readonly concerns: EventPredicate;
}

/** Says which rules an event matches. */
export class Watch {
  readonly #sites: ReadonlyMap<string, string | undefined>;
  readonly #offsets = new Map<string, ZoneOffset>();
  #rules: readonly CompiledRule[];

  /** @param sites whose time zones are the default of rules. */
  constructor(rules: readonly WatchRule[], sites: readonly SiteConfig[]) {
    this.#sites = new Map(sites.map(({ id, timezone }) => [id, timezone]));
    this.#rules = this.#compile(rules);
  }

  /** Puts other rules in force, for events from now on. */
  replace(rules: readonly WatchRule[]): void {
    this.#rules = this.#compile(rules);
  }

  /** In the order of the rules. */
  matchesOf(event: Recognition): readonly RuleMatch[] {
    return this.#rules
      .filter(({ concerns }) => concerns(event))
      .map(({ match }) => ({ ...match, alarm: newAlarmId() }));
  }

  #compile(rules: readonly WatchRule[]): readonly CompiledRule[] {
    return rules.map((rule) => {
      const { id, title, severity, cooldownMs } = rule;
      const isWatched = compileFilter(rule.events);
      const isInForce = this.#inForce(rule);
      return {
        match: { rule: id, title, severity, cooldownMs },
        concerns: (event) => isWatched(event) && isInForce(event),
      };
    });
  }

  #inForce({ when, timezone }: WatchRule): EventPredicate {
    if (!when) return () => true;
    const scheduleIn = (zone: string) => new Schedule(when, this.#offsetOf(zone));
    if (timezone !== undefined) {
      const schedule = scheduleIn(timezone);
      return ({ occurredAt }) => schedule.includes(occurredAt);
    }
    const elsewhere = scheduleIn('UTC');
    const bySite = new Map(
      [...this.#sites].flatMap(([id, zone]) =>
        zone === undefined ? [] : [[id, scheduleIn(zone)]],
      ),
    );
    return ({ siteId, occurredAt }) => (bySite.get(siteId) ?? elsewhere).includes(occurredAt);
  }

  #offsetOf(zone: string): ZoneOffset {
    const known = this.#offsets.get(zone);
    if (known) return known;
    const made = new ZoneOffset(zone);
    this.#offsets.set(zone, made);
    return made;
  }
}
