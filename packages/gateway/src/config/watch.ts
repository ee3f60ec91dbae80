import type { PersonType } from '@se5/core';

/** How urgent an alarm is, from the least. */
export const SEVERITIES = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Days of the week, from the first. */
export const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** What makes an event an alarm. */
export interface WatchRule {
  /** Unique among the rules. */
  readonly id: string;
  /** Shown to people. */
  readonly title: string;
  readonly severity: Severity;
  /** When it is in force; undefined: always. */
  readonly when: readonly WatchSpan[] | undefined;
  /** By whose clocks `when` is: an IANA name. Undefined: those of the event's site, or UTC. */
  readonly timezone: string | undefined;
  readonly events: WatchedEvents;
  /** Events that follow one another within it, in ms, are one alarm. 0: each is an alarm. */
  readonly cooldownMs: number;
}

/** Which events: each member as in an `EventFilter`. */
export interface WatchedEvents {
  readonly siteIds?: readonly string[];
  readonly boxIds?: readonly string[];
  readonly deviceIds?: readonly string[];
  readonly personTypes?: readonly PersonType[];
  readonly groupNames?: readonly string[];
  readonly identityIds?: readonly string[];
  readonly minSimilarity?: number;
}

/** A part of each of some days, by the clock on the wall. */
export interface WatchSpan {
  readonly days: readonly Weekday[];
  /** ms after midnight. Inclusive. */
  readonly fromMs: number;
  /** Exclusive. Less than `fromMs`: on the next day. */
  readonly toMs: number;
}
