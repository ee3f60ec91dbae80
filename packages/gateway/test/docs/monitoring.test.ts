import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { IDLE } from '../support/telemetry.ts';

const FOLDER = new URL('../../../../docs/monitoring/', import.meta.url);

const textOf = (file: string): Promise<string> => readFile(new URL(file, FOLDER), 'utf8');

/** `/metrics` names a metric also when it has no series. Those of a cluster are among them. */
async function metrics(): Promise<ReadonlySet<string>> {
  const rendered = await createMetrics({ ...IDLE, cluster: () => undefined }).render();
  return new Set([...rendered.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name));
}

const namedIn = (expressions: readonly string[]): ReadonlySet<string> =>
  new Set(expressions.flatMap((text) => text.match(/\b(?:se5|process)_\w+/g) ?? []));

const dashboardSchema = z.object({
  title: z.string(),
  uid: z.string(),
  templating: z.object({
    list: z.array(z.object({ query: z.union([z.string(), z.object({ query: z.string() })]) })),
  }),
  panels: z.array(
    z.object({
      id: z.number(),
      title: z.string(),
      targets: z.array(z.object({ expr: z.string(), refId: z.string() })).min(1),
    }),
  ),
});

const rulesSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Se5\w+$/),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+[smh]$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.strictObject({ summary: z.string(), description: z.string().optional() }),
        }),
      ),
    }),
  ),
});

it('the dashboard is one, and shows only metrics that the gateway has', async () => {
  const { panels, templating } = dashboardSchema.parse(
    JSON.parse(await textOf('grafana-dashboard.json')),
  );
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const queries = templating.list.map(({ query }) =>
    typeof query === 'string' ? query : query.query,
  );
  const named = namedIn([
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...queries,
  ]);
  expect(named.size).toBeGreaterThan(15);
  const known = await metrics();
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
});

it('the alert rules are some, and watch only metrics that the gateway has', async () => {
  const { groups } = rulesSchema.parse(parse(await textOf('alerts.yaml')));
  const rules = groups.flatMap((group) => group.rules);
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  const known = await metrics();
  for (const { alert, expr } of rules) {
    const named = [...namedIn([expr])];
    expect(named, alert).not.toEqual([]);
    expect(
      named.filter((name) => !known.has(name)),
      alert,
    ).toEqual([]);
  }
});

it('each metric of the gateway is described in the documentation', async () => {
  const page = await readFile(new URL('README.md', FOLDER), 'utf8');
  const own = [...(await metrics())].filter((name) => name.startsWith('se5_'));
  expect(own.filter((name) => !page.includes(`\`${name}`))).toEqual([]);
});
