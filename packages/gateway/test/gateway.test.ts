import { type Simulator, startSimulator } from '@se5/simulator';
import { createClient } from 'graphql-ws';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { nextEvent, readEvents } from './support/event-source.ts';
import { post, startGateway } from './support/gateways.ts';

const EVENTS = 'subscription { recognitionEvents { id } }';
const IMAGES = 'subscription { recognitionEvents(withImages: true) { faceImage { url } } }';

const cursorSchema = z.object({ data: z.object({ cursor: z.string() }) });
const eventSchema = z.looseObject({
  device: z.object({ id: z.string() }).optional(),
  faceImage: z.object({ url: z.string() }).optional(),
});
const resultSchema = z.object({ data: z.object({ recognitionEvents: eventSchema }) });
type RecognitionEvent = z.infer<typeof eventSchema>;

/** Simulated boxes, each of one device, that go with the stack. */
async function boxes(count: number, stack: AsyncDisposableStack): Promise<Simulator[]> {
  const seeds = Array.from({ length: count }, (_, index) => index + 1);
  const simulators = await Promise.all(seeds.map((seed) => startSimulator({ seed, devices: 1 })));
  for (const simulator of simulators) stack.use(simulator);
  return simulators;
}

const configured = (simulators: readonly Simulator[]) =>
  Promise.all(
    simulators.map((simulator) =>
      simulator.until(({ configurations }) => (configurations.at(-1)?.eventList.length ?? 0) > 0),
    ),
  );

describe('a gateway in front of 20 boxes', () => {
  it('tells a graphql-ws client and a reader of server-sent events the same', async () => {
    await using stack = new AsyncDisposableStack();
    const simulators = await boxes(20, stack);
    const { url } = stack.use(await startGateway({ simulators }));
    await configured(simulators);

    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    stack.defer(() => client.dispose());
    const { data } = cursorSchema.parse(await (await post(url, '{ cursor }')).json());
    const query = `subscription { recognitionEvents(after: "${data.cursor}") {
      id device { id } box { id } identityName occurredAt personType score
    } }`;
    const overSocket = client.iterate({ query });
    const overStream = await stream(url, query);

    const sent = simulators.map((simulator) => simulator.emit());
    const bySocket: RecognitionEvent[] = [];
    const byStream: RecognitionEvent[] = [];
    for (const _ of sent) {
      const { value } = await overSocket.next();
      bySocket.push(resultSchema.parse(value).data.recognitionEvents);
      byStream.push(await nextRecognition(overStream));
    }

    expect(byStream).toEqual(bySocket);
    const devices = sent.map(({ deviceId }, index) => `box-${index + 1}/${deviceId}`);
    expect(new Set(bySocket.map(({ device }) => device?.id))).toEqual(new Set(devices));
    await overSocket.return?.();
    await overStream.return();
  });

  it('asks each box for one connection, whatever the number of its subscribers', async () => {
    await using stack = new AsyncDisposableStack();
    const simulators = await boxes(20, stack);
    const { url } = stack.use(await startGateway({ simulators }));
    await configured(simulators);
    const streams = await Promise.all(Array.from({ length: 50 }, () => stream(url, EVENTS)));
    expect(await figures(url)).toContain('se5_subscribers 50');
    expect(simulators.map(({ connectionsAccepted }) => connectionsAccepted)).toEqual(
      simulators.map(() => 1),
    );
    await Promise.all(streams.map((each) => each.return()));
  });
});

describe('a picture', () => {
  it('can be had at its address from the moment its event is told, as the box sent it', async () => {
    await using simulator = await startSimulator();
    await using gateway = await startGateway({ simulators: [simulator] });
    await configured([simulator]);
    const events = await stream(gateway.url, IMAGES);
    await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
    const sent = simulator.emit();
    const url = (await nextRecognition(events)).faceImage?.url;
    expect(url).toMatch(/^\/images\/[\w.-]+$/);
    const response = await fetch(gateway.url + url);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await response.arrayBuffer()).toString('base64')).toBe(sent.pictures.face);
    await events.return();
  });

  it('has an address below the public one', async () => {
    await using simulator = await startSimulator();
    const config = { publicUrl: 'https://faces.example.com/', images: { capture: 'always' } };
    await using gateway = await startGateway({ simulators: [simulator], config });
    await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
    const events = await stream(gateway.url, IMAGES);
    simulator.emit();
    const url = (await nextRecognition(events)).faceImage?.url;
    expect(url).toMatch(/^https:\/\/faces\.example\.com\/images\/[\w.-]+$/);
    await events.return();
  });
});

it('boxes that are down hold nobody up', async () => {
  await using up = await startSimulator();
  await using down = await startSimulator();
  await down.faults.refuse();
  await using gateway = await startGateway({ simulators: [down, up] });
  await up.until(({ connections }) => connections === 1);
  const answer = await post(gateway.url, '{ boxes { id } }');
  expect(await answer.json()).toEqual({ data: { boxes: [{ id: 'box-1' }, { id: 'box-2' }] } });
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
});

it('the figures tell of events, duplicates, deliveries and what could not be read', async () => {
  await using simulator = await startSimulator();
  await using gateway = await startGateway({ simulators: [simulator] });
  await configured([simulator]);
  const events = await stream(gateway.url, EVENTS);
  simulator.faults.malformed();
  simulator.faults.duplicate();
  simulator.emit();
  simulator.faults.duplicate(false);
  simulator.emit();
  await nextRecognition(events);
  await nextRecognition(events);
  expect(await figures(gateway.url)).toEqual(
    expect.arrayContaining([
      'se5_events_total{box="box-1"} 2',
      'se5_deliveries_total 2',
      'se5_duplicates_total 1',
      'se5_unreadable_total{box="box-1"} 1',
      'se5_links{state="LIVE"} 1',
      'se5_subscribers 1',
    ]),
  );
  await events.return();
});

const figures = async (url: string): Promise<string[]> =>
  (await (await fetch(`${url}/metrics`)).text()).split('\n');

/** Once it answers, the subscription has begun. */
const stream = async (url: string, query: string) =>
  readEvents(await post(url, query, { Accept: 'text/event-stream' }));

const nextRecognition = async (
  events: Awaited<ReturnType<typeof stream>>,
): Promise<RecognitionEvent> =>
  resultSchema.parse(JSON.parse((await nextEvent(events)).data)).data.recognitionEvents;
