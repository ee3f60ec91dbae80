import type { PersonType } from '@se5/core';
import { z } from 'zod';
import { ruleIdSchema } from './ids.ts';
import { PERSON_TYPES } from './person-types.ts';
import { isTimeZone, TIME_ZONE_FORM } from './time-zone.ts';
import { checkedText, duration, list, numberFrom, oneOf, parsedText, section } from './values.ts';
import {
  SEVERITIES,
  type WatchedEvents,
  type WatchRule,
  type WatchSpan,
  WEEKDAYS,
} from './watch.ts';

const MOST_RULES = 100;
const RULES_FORM = `a list of at most ${MOST_RULES} rules, each with at least \`id\` and \`title\``;
const TITLE_FORM = 'text of 1 to 200 characters (in quotes when it looks like a number)';
const TEXT_FORM = 'text (in quotes when it looks like a number)';
const FROM_FORM = 'a time of day from "00:00" to "23:59"';
const TO_FORM = 'a time of day from "00:00" to "24:00"';
const SIMILARITY_FORM = 'a number from 0 to 1';
const COOLDOWN_FORM = 'none, or a duration such as 60s';

const DAY_MS = 86_400_000;

const text = z.string({ error: TEXT_FORM });

/** `18:30` → ms after midnight. */
function parseTimeOfDay(written: string): number | undefined {
  const [, hours, minutes] = /^(\d{2}):([0-5]\d)$/.exec(written) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const ms = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return ms <= DAY_MS ? ms : undefined;
}

const timeOfDay = (form: string, mostMs: number) =>
  parsedText(form, (written) => {
    const ms = parseTimeOfDay(written);
    return ms !== undefined && ms <= mostMs ? ms : undefined;
  });

const spanSchema = section({
  days: list(oneOf(...WEEKDAYS), WEEKDAYS.join(', '))
    .optional()
    .describe('The days on which the span begins: `MON` to `SUN`. Left out: every day.'),
  from: timeOfDay(FROM_FORM, DAY_MS - 1)
    .prefault('00:00')
    .describe('When the span begins, such as `"18:00"`.'),
  to: timeOfDay(TO_FORM, DAY_MS)
    .prefault('24:00')
    .describe(
      'When the span ends, exclusive. A time before `from` is on the next day: `{ days: [FRI], from: "18:00", ' +
        'to: "06:00" }` ends on Saturday.',
    ),
})
  .refine(({ from, to }) => from !== to, {
    error: 'from and to that differ; leave both out for the whole day',
  })
  .transform(({ days = WEEKDAYS, from, to }): WatchSpan => ({ days, fromMs: from, toMs: to }));

const ruleSchema = section({
  id: ruleIdSchema.describe(
    'Text of 1 to 256 characters without `/` and white space, unique among the rules. Alarms name their rule by ' +
      'it, so keep it when you change a rule.',
  ),
  title: checkedText(TITLE_FORM, ({ length }) => length >= 1 && length <= 200).describe(
    'What an alarm of the rule is called: 1 to 200 characters. Everybody who sees the alarm sees it, so it names ' +
      'no person.',
  ),
  severity: oneOf(...SEVERITIES)
    .prefault('MEDIUM')
    .describe('How urgent an alarm is: `LOW`, `MEDIUM`, `HIGH` or `CRITICAL`.'),
  when: list(spanSchema, 'spans, each with `days`, `from` and `to`')
    .optional()
    .describe('When the rule is in force, by `occurredAt`. Left out: always.'),
  timezone: checkedText(TIME_ZONE_FORM, isTimeZone)
    .optional()
    .describe(
      'The IANA time zone of `when`, such as `Asia/Shanghai`. Default: the `timezone` of the event’s site, or UTC.',
    ),
  sites: list(text, 'ids of sites').optional().describe('At these sites. Left out: any.'),
  boxes: list(text, 'ids of boxes').optional().describe('At these boxes. Left out: any.'),
  devices: list(text, 'ids of devices')
    .optional()
    .describe(
      'At these devices: `<box id>/<device id>`, or a box’s own id of it, on every box that has it. Left out: any.',
    ),
  personTypes: list(oneOf(...PERSON_TYPES), PERSON_TYPES.join(', '))
    .optional()
    .describe('Persons of these types. Left out: any.'),
  groups: list(text, 'names of groups')
    .optional()
    .describe('Persons of these groups, by `groupName`. Left out: any.'),
  identities: list(text, 'ids of persons')
    .optional()
    .describe('These persons, by `identityId`. Left out: any.'),
  minSimilarity: numberFrom(SIMILARITY_FORM, 0, 1)
    .optional()
    .describe('Events with at least this `similarity`, from 0 to 1. Left out: any.'),
  cooldown: z
    .union([z.literal('none').transform(() => 0), duration], { error: COOLDOWN_FORM })
    .prefault('60s')
    .describe(
      'An event within this time after another one of the same alarm adds to it; a later one is a new alarm. ' +
        '`none`: each event is an alarm.',
    ),
}).transform(
  ({ id, title, severity, when, timezone, cooldown, ...events }): WatchRule => ({
    ...{ id, title, severity, when, timezone },
    events: eventsOf(events),
    cooldownMs: cooldown,
  }),
);

interface WrittenEvents {
  readonly sites?: readonly string[] | undefined;
  readonly boxes?: readonly string[] | undefined;
  readonly devices?: readonly string[] | undefined;
  readonly personTypes?: readonly PersonType[] | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly identities?: readonly string[] | undefined;
  readonly minSimilarity?: number | undefined;
}

const eventsOf = ({
  sites,
  boxes,
  devices,
  personTypes,
  groups,
  identities,
  minSimilarity,
}: WrittenEvents): WatchedEvents => ({
  ...(sites && { siteIds: sites }),
  ...(boxes && { boxIds: boxes }),
  ...(devices && { deviceIds: devices }),
  ...(personTypes && { personTypes }),
  ...(groups && { groupNames: groups }),
  ...(identities && { identityIds: identities }),
  ...(minSimilarity !== undefined && { minSimilarity }),
});

/** Which events are alarms. */
export const watchSchema = z
  .array(ruleSchema, { error: RULES_FORM })
  .max(MOST_RULES, { error: RULES_FORM })
  .prefault([]);
