import type { DatabaseSync } from 'node:sqlite';
import type { EventScope } from '../filter.ts';
import { among, type Condition, joined } from './condition.ts';
import { personTypeNumber } from './rows.ts';
import { NO_SOURCE, sourceCondition } from './source-condition.ts';

/** `withinOneOf`, for SQLite; undefined when every event is. */
export function scopesCondition(
  database: DatabaseSync,
  scopes: readonly EventScope[] | undefined,
): Condition | undefined {
  if (!scopes) return undefined;
  const possible: Condition[] = [];
  for (const scope of scopes) {
    const condition = scopeCondition(database, scope);
    if (!condition) return undefined;
    if (condition !== NO_SOURCE) possible.push(condition);
  }
  return possible.length === 0 ? NO_SOURCE : joined('OR', possible);
}

function scopeCondition(database: DatabaseSync, scope: EventScope): Condition | undefined {
  const source = sourceCondition(database, scope);
  if (source === NO_SOURCE) return NO_SOURCE;
  const { personTypes, since } = scope;
  const conditions = [
    ...(source ? [source] : []),
    ...(personTypes ? [among('person_type', personTypes.map(personTypeNumber))] : []),
    ...(since === undefined ? [] : [{ sql: 'received_at >= ?', values: [since] }]),
  ];
  return conditions.length === 0 ? undefined : joined('AND', conditions);
}
