import { expect, test } from 'vitest';
import { matches } from '../../src/event-filter.ts';
import { SELECTION_DEVICES, variedOperations } from '../../src/figures/operations.ts';
import { factsOf } from '../../src/load/event-pool.ts';

test('the varied operations have 20 selections, 100 filters, and no pair twice', () => {
  const operations = variedOperations();
  const distinct = (values: readonly unknown[]) =>
    new Set(values.map((v) => JSON.stringify(v))).size;
  expect(operations).toHaveLength(1_000);
  expect(distinct(operations.map(({ query }) => query))).toBe(20);
  expect(distinct(operations.map(({ filter }) => filter))).toBe(100);
  expect(distinct(operations)).toBe(1_000);
});

test('every filter lets something through, and none lets everything', () => {
  const facts = factsOf(SELECTION_DEVICES);
  for (const { filter = {} } of variedOperations()) {
    const wanted = facts.filter((event) => matches(filter, event)).length;
    expect(wanted).toBeGreaterThan(0);
    expect(wanted).toBeLessThan(facts.length);
  }
});
