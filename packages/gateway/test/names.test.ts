import { type Simulator, startSimulator } from '@se5/simulator';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextEvent, readEvents } from './support/event-source.ts';
import { post, startGateway } from './support/gateways.ts';
import { journalFile } from './support/journals.ts';

const FIELDS = 'identityId identityName groupName identityInfo extra device { deviceId }';

const LIVE = `subscription { recognitionEvents { ${FIELDS} } }`;
const HISTORY = `{ recognitionEvents(last: 1) { edges { node { ${FIELDS} } } } }`;

/** Strings as firmware may write them in JSON, and what each means. */
const NAMES = [
  ['"\\ud83d"', '\uFFFD'],
  ['"a\\udc00b"', 'a\uFFFDb'],
  ['"\\ud83d\\ude00"', '😀'],
  ['"\\\\ud83d"', '\\ud83d'],
  ['"a\\u0000b"', 'a\u0000b'],
  ['"\\u2028\\u007f"', '\u2028\u007f'],
  ['110101199003078515', '110101199003078515'],
  [`1${'0'.repeat(21)}`, `1${'0'.repeat(21)}`],
  ['1.10', '1.10'],
] as const;

/** What a box sends for one name that stands everywhere. */
const messageOf = (json: string, timestamp: number): string => {
  const asKey = json.startsWith('"') ? json : `"${json}"`;
  return `{"device_id":${json},"timestamp":${timestamp},"identity_id":${json},"identity_name":${json},
    "group_name":${json},"identity_info":{${asKey}:${asKey}},"ext_data":{${asKey}:[${asKey}]}}`;
};

const eventOf = (name: string) => ({
  identityId: name,
  identityName: name,
  groupName: name,
  identityInfo: { [name]: name },
  extra: { [name]: [name] },
  device: { deviceId: name },
});

const historyOf = async (url: string): Promise<unknown> => {
  const { data } = await (await post(url, HISTORY)).json();
  return data.recognitionEvents.edges[0].node;
};

const listened = (simulator: Simulator) =>
  simulator.until(({ configurations }) => configurations.length > 0);

it('names are the same live, from the journal, and after a restart', async () => {
  await using simulator = await startSimulator();
  await using file = await journalFile();
  const options = { simulators: [simulator], config: { journal: { path: file.path } } };
  let last: unknown;
  {
    await using gateway = await startGateway(options);
    await listened(simulator);
    const stream = readEvents(await post(gateway.url, LIVE, { Accept: 'text/event-stream' }));
    for (const [index, [json, name]] of NAMES.entries()) {
      simulator.emitRaw(messageOf(json, Date.now() + index));
      const text = (await nextEvent(stream)).data;
      // A strict client takes no half of a surrogate pair, written as an escape either.
      expect(text).not.toMatch(/(?<!\\)\\u[dD][89a-fA-F]/);
      const { recognitionEvents: live } = JSON.parse(text).data;
      expect(live).toEqual(eventOf(name));
      expect(await historyOf(gateway.url)).toEqual(live);
      last = live;
    }
    await stream.return();
  }
  await using again = await startGateway(options);
  expect(await historyOf(again.url)).toEqual(last);
});

it('big integers reach a client with their digits, as names and in `extra`', async () => {
  await using simulator = await startSimulator();
  await using gateway = await startGateway({ simulators: [simulator] });
  await listened(simulator);
  const stream = readEvents(await post(gateway.url, LIVE, { Accept: 'text/event-stream' }));
  let at = Date.now();
  await fc.assert(
    fc.asyncProperty(fc.bigInt({ min: 2n ** 53n, max: 10n ** 30n }), async (id) => {
      at += 1;
      simulator.emitRaw(
        `{"device_id":${id},"timestamp":${at},"identity_id":${id},"ext_data":{"card_no":${id}}}`,
      );
      const { recognitionEvents } = JSON.parse((await nextEvent(stream)).data).data;
      expect(recognitionEvents).toMatchObject({
        identityId: String(id),
        device: { deviceId: String(id) },
        extra: { card_no: String(id) },
      });
    }),
    { numRuns: 30 },
  );
  await stream.return();
});
