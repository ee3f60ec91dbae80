import type { SQLInputValue } from 'node:sqlite';

/** A part of a WHERE clause, with the values of its parameters. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** More values than this in one list are looked up rather than gone through, and so ask no index. */
export const MAX_PROBED = 64;

/** The expression has one of the values. */
export function among(expression: string, values: readonly SQLInputValue[]): Condition {
  if (values.length <= MAX_PROBED) {
    return { sql: `${expression} IN (${values.map(() => '?').join(', ')})`, values };
  }
  return {
    sql: `+${expression} IN (SELECT value FROM json_each(?))`,
    values: [JSON.stringify(values)],
  };
}

export const joined = (by: 'AND' | 'OR', conditions: readonly Condition[]): Condition => ({
  sql: `(${conditions.map(({ sql }) => sql).join(` ${by} `)})`,
  values: conditions.flatMap(({ values }) => values),
});
