import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { FleetDirectory } from '../../src/fleet/fleet-directory.ts';
import { costOf, type Variables } from '../../src/schema/cost.ts';
import { priceOperations } from '../../src/schema/price.ts';
import { buildSchema } from '../../src/schema/schema.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { boxConfig, boxDevice, boxId, siteConfig } from '../support/recognitions.ts';

const schema = buildSchema();

/** A directory of sites, each with so many devices in each of its boxes. */
function fleetOf(sites: readonly (readonly number[])[]): FleetDirectory {
  const idOf = (site: number, box: number) => boxId(`box-${site}-${box}`);
  const directory = new FleetDirectory(
    sites.map((boxes, site) =>
      siteConfig(
        `site-${site}`,
        boxes.map((_, box) => boxConfig({ id: idOf(site, box) })),
      ),
    ),
  );
  for (const [site, boxes] of sites.entries()) {
    for (const [box, devices] of boxes.entries()) {
      const ids = Array.from({ length: devices }, (_, device) => boxDevice(`device-${device}`));
      directory.list(idOf(site, box), ids);
    }
  }
  return directory;
}

/** One site with boxes of 2 and 3 devices, and one with a box of 1. */
const SMALL = fleetOf([[2, 3], [1]]);

const costIn = (directory: FleetDirectory, text: string, variables?: Variables): number =>
  costOf(priceOperations(schema, parse(text)), directory, variables);

describe('the cost of an operation', () => {
  it.each([
    ['{ cursor }', 1],
    ['{ sites { id name } }', 1 + 2 * 2],
    ['{ viewer { name sites { fields site { name } } } }', 1 + 1 + 1 + 2 * (1 + 1 + 1)],
    ['{ boxes { id } }', 1 + 3],
    ['{ boxes(siteIds: ["site-0"]) { id } }', 1 + 2],
    ['{ devices { id } }', 1 + 6],
    ['{ devices(boxIds: "box-0-1") { id } }', 1 + 3],
    ['{ devices(boxIds: ["box-0-1"], siteIds: ["site-1"]) { id } }', 1],
    ['{ sites { boxes { id } } }', 1 + 2 + 3],
    ['{ sites { devices { id } } }', 1 + 2 + 6],
    ['{ boxes { devices { id } } }', 1 + 3 + 6],
    ['{ box(id: "box-0-1") { devices { id } } }', 1 + 1 + 3],
    ['{ box(id: "box-9-9") { devices { id } } }', 1],
    ['{ device(id: "box-0-1/device-2") { box { devices { id } } } }', 1 + 1 + 1 + 3],
    // Each device asks for its site's devices: 5 of them for 5, and 1 for 1.
    ['{ devices { site { devices { id } } } }', 1 + 6 * 2 + 5 * 5 + 1],
    ['{ boxes { site { ...S } } } fragment S on Site { devices { id } }', 1 + 3 * 2 + 2 * 5 + 1],
    ['query A { cursor } query B { boxes { id } }', 1 + 3],
    ['{ alarms { edges { node { id title } } } }', 1 + 50 * (1 + 1 + 2)],
    [
      '{ alarms(first: 20) { edges { node { events(first: 5) { edges { cursor } } } } } }',
      1 + 20 * (1 + 1 + 1 + 5 * 2),
    ],
    ['{ alarm(id: "a") { device { box { devices { id } } } } }', 1 + 1 + 1 + 1 + 3],
    ['mutation { closeAlarm(id: "a", key: "1") { id notes { text } } }', 1 + 1 + 1 + 10],
    ['{ node(id: "site-0") { id ... on Site { devices { id } } } }', 1 + 1 + 1 + 5],
    ['{ node(id: "box-0-1") { ... on Box { devices { id } } } }', 1 + 1 + 3],
    ['{ node(id: "box-0-1/device-2") { ... on Device { box { id } } } }', 1 + 1 + 1],
    ['{ node(id: "event") { id } }', 1 + 1_000 + 1],
    ['{ recognitionEvent(id: "event") { id } }', 1 + 1_000 + 1],
    ['{ nodes(ids: ["site-0", "box-0-1/device-2", "an-event"]) { id } }', 1 + 1 + 1 + 1_000 + 1],
    ['{ people { edges { node { identityName } } } }', 1 + 1_000 + 50 * (1 + 1 + 1)],
    [
      '{ people(first: 20) { edges { node { events(first: 5) { edges { cursor } } } } } }',
      1 + 1_000 + 20 * (1 + 1 + 1 + 5 * (1 + 1)),
    ],
    // The events of all persons of a page are counted at once.
    [
      '{ people(first: 3) { edges { node { a: eventCount b: eventCount } } } }',
      1 + 2 * 1_000 + 3 * (1 + 1 + 2),
    ],
    [
      '{ people(first: 3) { edges { node { ...P } } } } fragment P on Person { eventCount lastEvent { site { id } } }',
      1 + 2 * 1_000 + 3 * (1 + 1 + 1 + 1 + 1 + 1),
    ],
    ['{ person(identityId: "17") { identityName } }', 1 + 1_000 + 1],
    ['{ person(identityId: "17") { eventCount } cursor }', 1 + 2 * 1_000 + 1 + 1],
    ['{ eventCounts(by: HOUR) { count } }', 1 + 1_000 + 1_000],
    ['{ eventCounts(by: PERSON_TYPE) { count } }', 1 + 1_000 + 6],
    ['{ eventCounts(by: DEVICE) { device { id } } }', 1 + 1_000 + 6 * 2],
    ['{ recognitionEvents { edges { cursor } } }', 1 + 50 * 2],
    ['{ recognitionEvents(first: 3) { edges { cursor } } }', 1 + 3 * 2],
    ['{ recognitionEvents(first: 3) { totalCount } }', 1 + 3 * 1_000],
    ['{ recognitionEventsAt(cursors: ["a", "b", "c"]) { id cursor } }', 1 + 3 * 2],
    // What an event refers to counts as the largest box.
    ['subscription { recognitionEvents { device { box { devices { id } } } } }', 4 + 3],
    ['subscription { recognitionEvents { id device { id } } }', 1 + 1 + 2],
    ['subscription { boxStatus { devices { id } } }', 2 + 3],
  ])('counts the fields by what is listed now: %s', (text, cost) => {
    expect(costIn(SMALL, text)).toBe(cost);
  });

  it('counts a page by the variable that says its size, or by its default', () => {
    const text = (declared: string) =>
      `query (${declared}) { recognitionEvents(last: $n) { edges { cursor } } }`;
    expect(costIn(SMALL, text('$n: Int'), { n: 7 })).toBe(1 + 7 * 2);
    expect(costIn(SMALL, text('$n: Int'))).toBe(1 + 50 * 2);
    expect(costIn(SMALL, text('$n: Int = 300'))).toBe(1 + 300 * 2);
    expect(costIn(SMALL, text('$n: Int'), { n: -2_000_000_000 })).toBe(1);
    expect(costIn(SMALL, text('$n: Int'), { n: {} })).toBe(1);
  });

  it('grows with the list', () => {
    const directory = fleetOf([[1]]);
    const text = '{ devices { id } }';
    expect(costIn(directory, text)).toBe(2);
    directory.list(boxId('box-0-0'), ['gate', 'door', 'hall'].map(boxDevice));
    expect(costIn(directory, text)).toBe(4);
  });

  it('is found at once when fragments spread each other again and again', () => {
    const fragments = (body: (next: string) => string) =>
      Array.from({ length: 40 }, (_, n) => `fragment F${n} on Site { ${body(`...F${n + 1}`)} }`);
    const doubled = (next: string) => `${next} ${next} ${next}`;
    const nested = fragments((next) => `boxes { site { ${doubled(next)} } }`);
    const flat = fragments(doubled);
    const last = 'fragment F40 on Site { boxes { id } }';
    for (const each of [nested, flat]) {
      const text = `{ sites { ...F0 } } ${each.join('\n')} ${last}`;
      expect(costIn(SMALL, text)).toBeGreaterThan(3 ** 40);
    }
  });

  it('of all devices, with where they are, may be had of 1,000 boxes with 50 devices each', () => {
    const large = fleetOf(Array.from({ length: 20 }, () => Array.from({ length: 50 }, () => 50)));
    const text = '{ devices { id name site { name } box { name link { state } } } }';
    expect(costIn(large, text)).toBe(1 + 50_000 * 8);
    expect(costIn(large, text)).toBeLessThan(DEFAULT_LIMITS.cost);
  });

  it('of all that there is to know of an event may be had for the largest page', () => {
    const place =
      'id name box { id name link { state since lastError } } site { id name timezone }';
    const image = '{ url base64 byteLength contentType }';
    const event = `id cursor occurredAt receivedAt delivery replayed personType identityId
      identityName groupName identityInfo score similarity deviceType deviceIp imagesOmitted extra
      device { ${place} } box { id name } site { id name } gapsBefore { reason from to boxId count }
      faceImage ${image} sceneImage ${image} registeredImage ${image}`;
    const page = `{ recognitionEvents(first: 500) { pageInfo { endCursor } edges { node { ${event} } } } }`;
    expect(costIn(SMALL, page)).toBeLessThan(DEFAULT_LIMITS.cost);
    const subscription = `subscription { recognitionEvents(withImages: true) { ${event} } }`;
    expect(costIn(SMALL, subscription)).toBeLessThan(DEFAULT_LIMITS.eventCost);
  });
});

describe('an operation that costs too much', () => {
  const limits = { ...DEFAULT_LIMITS, cost: 20, eventCost: 5 };
  const nested = '{ devices { site { devices { site { devices { id } } } } } }';

  it('is refused before anything is resolved, with what it costs and what may be', async () => {
    await using gateway = new InsideGraphQL({ limits });
    // Site hq has 2 devices in box a, and site plant has 1 in box b.
    expect(await gateway.ask(nested)).toEqual({
      errors: [
        {
          message:
            'The answer could hold 26 fields with the boxes and devices that the gateway lists now; allowed: 20 (limits.cost). Ask for fewer fields, for shorter lists, or for a smaller page.',
          extensions: { code: 'OPERATION_TOO_COSTLY' },
        },
      ],
    });
    expect((await gateway.ask('{ devices { site { devices { id } } } }')).errors).toBeUndefined();
  });

  it('is refused as a subscription by what one event may cost', async () => {
    await using gateway = new InsideGraphQL({ limits });
    const text = 'subscription { recognitionEvents { device { site { devices { id } } } } }';
    expect(await gateway.ask(text)).toMatchObject({
      errors: [
        {
          extensions: { code: 'OPERATION_TOO_COSTLY' },
          message: expect.stringMatching(/one event.*eventCost/),
        },
      ],
    });
    expect(gateway.subscribers).toBe(0);
  });

  it('gets errors with the code once a list has grown, and events again when it has not', async () => {
    await using gateway = new InsideGraphQL({ limits: { ...limits, eventCost: 10 } });
    const { directory } = gateway.inside;
    const subscription = await gateway.subscribe(
      'subscription { recognitionEvents { id device { box { devices { deviceId } } } } }',
    );
    const listed = (count: number) =>
      directory.list(
        boxId('a'),
        Array.from({ length: count }, (_, n) => boxDevice(`d${n}`)),
      );
    listed(11);
    await gateway.inside.event();
    expect((await subscription.next()).value).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'OPERATION_TOO_COSTLY' } }],
    });
    listed(3);
    await gateway.inside.event();
    expect((await subscription.next()).value?.errors).toBeUndefined();
  });
});
