import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Simulator, startSimulator } from '@se5/simulator';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { nextEvent, readEvents } from './support/event-source.ts';
import { post, startGateway } from './support/gateways.ts';
import { pictureFiles } from './support/image-stores.ts';
import { journalFile } from './support/journals.ts';

const PICTURES = 'faceImage { url base64 } registeredImage { url base64 byteLength }';

const imageSchema = z.object({ url: z.string().nullable(), base64: z.string().nullable() });
const eventSchema = z.object({
  faceImage: imageSchema.nullable(),
  registeredImage: imageSchema.nullable(),
});
const liveSchema = z.object({ data: z.object({ recognitionEvents: eventSchema }) });
const pastSchema = z.object({
  data: z.object({
    recognitionEvents: z.object({ edges: z.array(z.object({ node: eventSchema })) }),
  }),
});

const stream = async (url: string, args = 'withImages: true') =>
  readEvents(
    await post(url, `subscription { recognitionEvents(${args}) { id cursor ${PICTURES} } }`, {
      Accept: 'text/event-stream',
    }),
  );

const next = async (events: Awaited<ReturnType<typeof stream>>) =>
  liveSchema.parse(JSON.parse((await nextEvent(events)).data)).data.recognitionEvents;

const past = async (url: string) => {
  const query = `{ recognitionEvents { edges { node { ${PICTURES} } } } }`;
  const answer = pastSchema.parse(await (await post(url, query)).json());
  return answer.data.recognitionEvents.edges.map(({ node }) => node);
};

/** A box that has been asked for pictures. */
const asked = (simulator: Simulator) =>
  simulator.until(
    ({ configurations }) =>
      (configurations.at(-1)?.eventList.length ?? 0) > 0 &&
      configurations.at(-1)?.needFace === true,
  );

const setup = async (images: Readonly<Record<string, unknown>> = {}) => {
  const parts = new AsyncDisposableStack();
  const { path } = parts.use(await journalFile());
  const simulator = parts.use(await startSimulator());
  const config = { journal: { path }, images };
  return {
    folder: join(dirname(path), 'images'),
    simulator,
    start: (simulators = [simulator]) => startGateway({ simulators, config }),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
};

it('an event shows its pictures live, in history and in a replay, after a restart too, and not when they are gone', async () => {
  await using place = await setup();
  const { simulator } = place;
  let [url, cursor]: (string | null | undefined)[] = [];
  const sent = await (async () => {
    await using gateway = await place.start();
    const events = await stream(gateway.url);
    cursor = (await (await post(gateway.url, '{ cursor }')).json()).data.cursor;
    await asked(simulator);
    const sent = simulator.emit({ personType: 1 });
    const live = await next(events);
    url = live.faceImage?.url;
    expect(live.faceImage?.base64).toBe(sent.pictures.face);
    const response = await fetch(gateway.url + url);
    expect(Buffer.from(await response.arrayBuffer()).toString('base64')).toBe(sent.pictures.face);
    await events.return();
    return sent;
  })();

  await using gateway = await place.start([]);
  // Made later, an address may be good for longer; the picture that it names is the same.
  const [picture] = String(url).split('.');
  const shown = {
    faceImage: {
      url: expect.stringContaining(`${picture}.`),
      base64: sent.pictures.face,
    },
    registeredImage: { base64: sent.pictures.registered },
  };
  expect(await past(gateway.url)).toMatchObject([shown]);
  const response = await fetch(gateway.url + url);
  expect(response.status).toBe(200);
  expect(Buffer.from(await response.arrayBuffer()).toString('base64')).toBe(sent.pictures.face);
  const replayed = await stream(gateway.url, `withImages: true, after: "${cursor}"`);
  expect(await next(replayed)).toMatchObject(shown);
  await replayed.return();

  for (const file of await pictureFiles(place.folder)) await rm(file);
  expect(await past(gateway.url)).toMatchObject([
    { faceImage: { url: null, base64: null }, registeredImage: { url: null, base64: null } },
  ]);
  expect((await fetch(gateway.url + url)).status).toBe(404);
});

it('with `always`, pictures are kept though nobody asks for them', async () => {
  await using place = await setup({ capture: 'always' });
  await using gateway = await place.start();
  await asked(place.simulator);
  place.simulator.emit({ personType: 1 });
  const metrics = async () => (await fetch(`${gateway.url}/metrics`)).text();
  // A file is there before it is counted.
  await expect.poll(metrics).toMatch(/^se5_images 3$/m);
  expect(await pictureFiles(place.folder)).toHaveLength(3);
  const figures = await metrics();
  expect(figures).toMatch(/^se5_images_bytes [1-9]\d+$/m);
  expect(figures).toMatch(/^se5_images_lost_total 0$/m);
  expect(figures).toMatch(/^se5_images_up 1$/m);
});

it('with `never`, pictures come inline to who asks for them, without an address, and nothing is written', async () => {
  await using place = await setup({ capture: 'never' });
  await using gateway = await place.start();
  const events = await stream(gateway.url);
  await asked(place.simulator);
  const sent = place.simulator.emit({ personType: 1 });
  expect((await next(events)).faceImage).toEqual({ url: null, base64: sent.pictures.face });
  await events.return();
  expect(existsSync(place.folder)).toBe(false);
});

it('pictures of before `never` was chosen stay as long as they are kept, and no new ones come', async () => {
  await using place = await setup({ capture: 'always' });
  {
    await using _gateway = await place.start();
    await asked(place.simulator);
    place.simulator.emit({ personType: 1 });
    await expect.poll(async () => (await pictureFiles(place.folder)).length).toBe(3);
  }
  await using gateway = await startGateway({
    simulators: [place.simulator],
    config: {
      journal: { path: join(dirname(place.folder), 'journal.db') },
      images: { capture: 'never' },
    },
  });
  expect((await past(gateway.url))[0]?.faceImage?.url).toMatch(/^\/images\//);
  const events = await stream(gateway.url);
  await asked(place.simulator);
  place.simulator.emit({ personType: 2 });
  expect((await next(events)).faceImage?.url).toBeNull();
  await events.return();
  expect(await pictureFiles(place.folder)).toHaveLength(3);
});
