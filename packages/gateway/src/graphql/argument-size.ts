import { type DocumentNode, Kind, visit } from 'graphql';
import type { LimitsConfig } from '../config/limits.ts';
import { limitError, type PublicError } from './errors.ts';

/** Of a value that is no text, in bytes. */
const VALUE_BYTES = 8;

export type ArgumentLimits = Pick<LimitsConfig, 'listItems' | 'argumentBytes'>;

type Values = Readonly<Record<string, unknown>>;

/** What is wrong with a list that a document has among its arguments, if one is too long. */
export function longListIn(document: DocumentNode, listItems: number): PublicError | undefined {
  let longest = 0;
  const look = (count: number): void => {
    longest = Math.max(longest, count);
  };
  visit(document, {
    ListValue: ({ values }) => look(values.length),
    ObjectValue: ({ fields }) => look(fields.length),
  });
  return longest > listItems ? listTooLong(longest, listItems) : undefined;
}

/**
 * The variables that a document declares: others are neither looked at nor kept. What is too
 * large is refused before it is compared with its type, which takes time for each value.
 */
export function declaredVariables(
  document: DocumentNode,
  given: Values | null | undefined,
  limits: ArgumentLimits,
): { readonly variables: Values } | { readonly errors: readonly PublicError[] } {
  const declared: [string, unknown][] = [];
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    for (const { variable } of definition.variableDefinitions ?? []) {
      const name = variable.name.value;
      if (given && Object.hasOwn(given, name)) declared.push([name, given[name]]);
    }
  }
  const variables = Object.fromEntries(declared);
  const refusal = refusalOf(variables, limits);
  return refusal ? { errors: [refusal] } : { variables };
}

function refusalOf(
  variables: Values,
  { listItems, argumentBytes }: ArgumentLimits,
): PublicError | undefined {
  let bytes = 0;
  // One after the other, not one within the other: they may be nested as deeply as text allows.
  const values: unknown[] = Object.values(variables);
  for (const value of values) {
    bytes += typeof value === 'string' ? Buffer.byteLength(value) : VALUE_BYTES;
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) return DIGITS_LOST;
    if (typeof value !== 'object' || value === null) continue;
    const members = Array.isArray(value) ? value : Object.entries(value).flat();
    const count = Array.isArray(value) ? value.length : members.length / 2;
    if (count > listItems) return listTooLong(count, listItems);
    for (const member of members) values.push(member);
    if (values.length * VALUE_BYTES > argumentBytes) break;
  }
  return bytes > argumentBytes || values.length * VALUE_BYTES > argumentBytes
    ? limitError(
        'ARGUMENTS_TOO_LARGE',
        `The operation's variables have more than ${argumentBytes} bytes (limits.argumentBytes). Send fewer values at once.`,
      )
    : undefined;
}

/** Reading the JSON has rounded the number, so an id would be another one. */
const DIGITS_LOST = limitError(
  'BAD_USER_INPUT',
  'Found a number beyond 2^53 among the variables: some of its digits are lost. Send ids as text, in quotes.',
);

const listTooLong = (found: number, allowed: number): PublicError =>
  limitError(
    'LIST_TOO_LONG',
    `A list in the operation's arguments has ${found} items; allowed: ${allowed} (limits.listItems). Name fewer at once, or name their box or site instead.`,
  );
