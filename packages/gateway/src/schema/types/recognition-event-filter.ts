import { GatewayError } from '../../errors.ts';
import type { EventFilter } from '../../journal/filter.ts';
import { builder } from '../builder.ts';
import { PersonType } from './person-type.ts';

export const RecognitionEventFilter = builder.inputType('RecognitionEventFilter', {
  description:
    'Which events. An omitted or null member means any, an empty list means none. An ' +
    'event must match all members. An unknown id matches nothing and is not an error.',
  fields: (t) => ({
    siteIds: t.idList({ description: 'Of one of these sites.' }),
    boxIds: t.idList({ description: 'Of one of these boxes.' }),
    deviceIds: t.idList({
      description:
        'Of one of these devices: `<box id>/<device id>`, or a box’s own id without a slash, which means the device on every box that has it.',
    }),
    personTypes: t.field({ type: [PersonType], description: 'Of one of these types.' }),
    identityIds: t.stringList({ description: 'Of one of these persons; "" means strangers.' }),
    groupNames: t.stringList({ description: 'Of one of these groups, by exact name.' }),
    minSimilarity: t.float({
      description:
        'The least `similarity`, from 0 to 1; any other value is the error BAD_USER_INPUT.',
    }),
    minScore: t.float({
      description: 'The same as `minSimilarity`. If both are given, the greater one counts.',
      deprecationReason: 'It was never compared with `score`. Use `minSimilarity`.',
    }),
    from: t.field({ type: 'DateTime', description: 'The least `occurredAt`, inclusive.' }),
    to: t.field({
      type: 'DateTime',
      description:
        'The greatest `occurredAt`, exclusive; before `from` it is the error BAD_USER_INPUT.',
    }),
  }),
});

/**
 * To GraphQL, null and absent are the same "any"; inside, only absent is.
 *
 * @throws {GatewayError} BAD_USER_INPUT when a bound can't be one.
 */
export function toEventFilter(
  input: typeof RecognitionEventFilter.$inferInput | null | undefined,
): EventFilter {
  if (input == null) return {};
  const { siteIds, boxIds, deviceIds, personTypes, identityIds, groupNames } = input;
  const { minSimilarity, minScore, from, to } = input;
  checkSimilarities({ minSimilarity, minScore });
  if (from != null && to != null && from > to) {
    throw new GatewayError('BAD_USER_INPUT', 'The filter’s from must not be later than its to.');
  }
  return {
    ...(siteIds && { siteIds }),
    ...(boxIds && { boxIds }),
    ...(deviceIds && { deviceIds }),
    ...(personTypes && { personTypes }),
    ...(identityIds && { identityIds }),
    ...(groupNames && { groupNames }),
    ...leastSimilarity(minSimilarity, minScore),
    ...(from != null && { from }),
    ...(to != null && { to }),
  };
}

/** @throws {GatewayError} BAD_USER_INPUT */
function checkSimilarities(bounds: Readonly<Record<string, number | null | undefined>>): void {
  for (const [name, bound] of Object.entries(bounds)) {
    if (bound == null || (bound >= 0 && bound <= 1)) continue;
    const message = `The filter’s ${name} is compared with similarity, from 0 to 1; found ${bound}.`;
    throw new GatewayError('BAD_USER_INPUT', message);
  }
}

/** An event must pass both. */
const leastSimilarity = (
  one: number | null | undefined,
  other: number | null | undefined,
): Pick<EventFilter, 'minSimilarity'> =>
  one == null && other == null ? {} : { minSimilarity: Math.max(one ?? 0, other ?? 0) };
