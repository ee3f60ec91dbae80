import { type Simulator, startSimulator, TEMPLATE } from '@se5/simulator';
import { expect, test } from 'vitest';
import { z } from 'zod';

const pageSchema = z.object({
  data: z.array(
    z.looseObject({
      _id: z.string(),
      timestamp: z.number(),
      common: z.looseObject({
        identity_info: z.looseObject({ image_id: z.string().optional() }),
        recognize_face_pic_id: z.string(),
        spot_pic_id: z.string(),
      }),
    }),
  ),
  pagination: z.object({
    num_pages: z.number(),
    page: z.number(),
    per_page: z.number(),
    total_count: z.number(),
  }),
});

const apiOf = ({ host, apiPort }: Simulator): string => `http://${host}:${apiPort}/SophonFace/api`;

const ask = async (simulator: Simulator, query = 'per_page=100') =>
  pageSchema.parse(await (await fetch(`${apiOf(simulator)}/events?${query}`)).json());

test('what is stored as of a time at which nobody listened is told to nobody', async () => {
  await using simulator = await startSimulator();
  const { timestamp } = simulator.store({ timestamp: 1_700_000_000_000 });

  const { data } = await ask(simulator);

  expect(data.map((stored) => stored.timestamp)).toEqual([(timestamp + 0.3178) / 1000]);
  expect(simulator.recognitions).toBe(0);
});

test('what was recognised is stored, told to somebody or not, with its template', async () => {
  await using simulator = await startSimulator();
  const sent = simulator.emit({ personType: 1 });

  const { data, pagination } = await ask(simulator);

  expect(pagination).toEqual({ num_pages: 1, page: 0, per_page: 100, total_count: 1 });
  expect(data).toMatchObject([
    {
      timestamp: (sent.timestamp + 0.3178) / 1000,
      common: {
        ep_info: { device_id: sent.deviceId, ep_ip: sent.deviceIp },
        identity_id: sent.identityId,
        identity_name: sent.identityName,
        person_type: 1,
        score: sent.score,
        recognize_face_attr: { feature: TEMPLATE.feature },
      },
      video_data: { tracked: [{ feature_binary: TEMPLATE.feature_binary }] },
    },
  ]);
});

test('pages come in the order that is chosen, and only of the span that is asked for', async () => {
  for (const order of ['ascending', 'descending', 'random'] as const) {
    await using simulator = await startSimulator({ archive: { order, timestampShiftMs: 0 } });
    const times = [1, 2, 3, 4, 5].map((s) => s * 1000);
    for (const timestamp of times) simulator.emit({ timestamp });

    const pages = await Promise.all(
      [0, 1, 2].map((page) => ask(simulator, `per_page=2&page=${page}`)),
    );
    expect(pages.map(({ data }) => data.length)).toEqual([2, 2, 1]);
    const found = pages.flatMap(({ data }) => data.map(({ timestamp }) => timestamp * 1000));
    if (order === 'ascending') expect(found).toEqual(times);
    if (order === 'descending') expect(found).toEqual(times.toReversed());

    const span = await ask(simulator, 'per_page=9&datetime_gte=2&datetime_lte=4');
    expect(span.pagination.total_count).toBe(3);
  }
});

test('what is older than the box keeps, or more than it has room for, is gone', async () => {
  await using simulator = await startSimulator({ archive: { maxEvents: 3 } });
  for (let sent = 0; sent < 5; sent += 1) simulator.emit();
  expect((await ask(simulator)).pagination.total_count).toBe(3);

  await using forgetful = await startSimulator({ archive: { keepMs: -1 } });
  forgetful.emit();
  expect((await ask(forgetful)).data).toEqual([]);
});

test('pictures are had by their id and, of an event, by its time', async () => {
  await using simulator = await startSimulator();
  const sent = simulator.emit({ personType: 1 });
  const [event] = (await ask(simulator)).data;
  if (event === undefined) throw new Error('nothing is stored');
  const { timestamp, common } = event;
  const pictureAt = async (path: string) => {
    const response = await fetch(`${apiOf(simulator)}/${path}`);
    const bytes = Buffer.from(await response.arrayBuffer());
    return response.ok ? bytes.toString('base64') : response.status;
  };

  const face = `event_images/${common.recognize_face_pic_id}`;
  expect(await pictureAt(`${face}?datetime=${timestamp}`)).toBe(sent.pictures.face);
  expect(await pictureAt(face)).toBe(404);
  const scene = `event_images/${common.spot_pic_id}?datetime=${timestamp}`;
  expect(await pictureAt(scene)).toBe(sent.pictures.scene);
  const enrolled = `images/${common.identity_info.image_id}`;
  expect(await pictureAt(enrolled)).toBe(sent.pictures.registered);
  expect(simulator.pictureRequests).toBe(4);
});

test('a query that is no query is refused with the error envelope', async () => {
  await using simulator = await startSimulator();
  const response = await fetch(`${apiOf(simulator)}/events?page=first`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 40003 } });
});
