import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Simulator, startSimulator } from '@se5/simulator';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { nextEvent, readEvents } from './support/event-source.ts';
import { post, startGateway } from './support/gateways.ts';
import { journalFile } from './support/journals.ts';

const EVENTS = 'subscription { recognitionEvents { id cursor } }';
const PAST = `{
  recognitionEvents { totalCount edges { node { id device { id } box { id link { state } } site { id } } } }
}`;

const eventSchema = z.object({
  data: z.object({ recognitionEvents: z.object({ id: z.string(), cursor: z.string() }) }),
});

const stream = async (url: string, query = EVENTS) =>
  readEvents(await post(url, query, { Accept: 'text/event-stream' }));

const next = async (events: Awaited<ReturnType<typeof stream>>) =>
  eventSchema.parse(JSON.parse((await nextEvent(events)).data)).data.recognitionEvents;

const heard = (simulator: Simulator) =>
  simulator.until(({ configurations }) => (configurations.at(-1)?.eventList.length ?? 0) > 0);

it('after a restart the past is there, of boxes that are gone too, and a cursor goes on behind its event', async () => {
  await using file = await journalFile();
  await using simulator = await startSimulator();
  const config = { journal: { path: file.path } };
  let first: { readonly id: string; readonly cursor: string };
  let second: { readonly id: string };
  {
    await using gateway = await startGateway({ simulators: [simulator], config });
    await heard(simulator);
    const events = await stream(gateway.url);
    simulator.emit();
    simulator.emit();
    [first, second] = [await next(events), await next(events)];
    await events.return();
  }
  await using gateway = await startGateway({ config });
  const answer = await (await post(gateway.url, PAST)).json();
  const node = { box: { id: 'box-1', link: { state: 'STOPPED' } }, site: { id: 'site' } };
  expect(answer).toMatchObject({
    data: {
      recognitionEvents: {
        totalCount: 2,
        edges: [{ node: { id: first.id, ...node } }, { node: { id: second.id, ...node } }],
      },
    },
  });
  const after = `subscription { recognitionEvents(after: "${first.cursor}") { id cursor } }`;
  const events = await stream(gateway.url, after);
  expect(await next(events)).toMatchObject({ id: second.id });
  await events.return();
});

it('a journal that can’t be written stops no event, and shows wherever somebody may look', async () => {
  await using file = await journalFile();
  await mkdir(dirname(dirname(file.path)), { recursive: true });
  await writeFile(dirname(file.path), 'a file where a directory should be');
  await using simulator = await startSimulator();
  const config = { journal: { path: file.path } };
  await using gateway = await startGateway({ simulators: [simulator], config });
  await heard(simulator);
  const events = await stream(gateway.url);
  simulator.emit();
  const { id } = await next(events);
  expect(await (await post(gateway.url, PAST)).json()).toMatchObject({
    data: { recognitionEvents: { totalCount: 1, edges: [{ node: { id } }] } },
  });
  const readiness = await fetch(`${gateway.url}/readyz`);
  expect(readiness.status).toBe(503);
  expect(await readiness.json()).toMatchObject({
    reasons: ['the journal can’t be written (UNAVAILABLE): events are kept in memory only'],
  });
  expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain('se5_journal_up 0\n');
  await events.return();
});
