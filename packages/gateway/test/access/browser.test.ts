import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type Simulator, startSimulator } from '@se5/simulator';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import type { Gateway } from '../../src/gateway.ts';
import { nextEvent, readEvents } from '../support/event-source.ts';
import { post, startGateway, type TestGatewayOptions } from '../support/gateways.ts';
import { containing } from '../support/matchers.ts';
import { recordedLog } from '../support/recorded-log.ts';

/** A name that leads here in the browser of these tests, as one of an attacker would. */
const REBOUND = 'rebound.example.net';

/** The gateway's own name, by plain HTTP: one that browsers send no Sec-Fetch-Site to. */
const GATE = 'gate.example.net';

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: inject('chromiumPath'),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1,MAP ${GATE} 127.0.0.1`,
      // Other browsers have no such check: the gateway has to refuse by itself.
      '--disable-features=LocalNetworkAccessChecks',
    ],
  });
});
afterAll(() => browser.close());

/** Somebody else's web server on this machine, with nothing but an empty page. */
async function otherServer() {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>other</title>');
  }).listen(0);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const eventSchema = z.object({
  data: z.object({ recognitionEvents: z.object({ faceImage: z.object({ url: z.string() }) }) }),
});

/** A gateway that has seen a face, and the address of its picture. */
async function gatewayWithPicture(simulator: Simulator, options: TestGatewayOptions = {}) {
  const gateway = await startGateway({
    simulators: [simulator],
    ...options,
    config: { images: { capture: 'always' }, ...options.config },
  });
  await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
  const subscription = 'subscription { recognitionEvents(withImages: true) { faceImage { url } } }';
  const events = readEvents(await post(gateway.url, subscription, { Accept: 'text/event-stream' }));
  simulator.emit({ personType: 1 });
  const { data } = eventSchema.parse(JSON.parse((await nextEvent(events)).data));
  await events.return();
  const image = gateway.url + data.recognitionEvents.faceImage.url;
  return { gateway, image, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

/** What a page gets of the gateway, by every way that a page has. */
function haul(page: Page, url: string, image: string) {
  return page.evaluate(
    async ({ url, image }) => {
      const query = '{ boxes { id } }';
      const subscription = 'subscription { boxStatus { id } }';
      const text = async (request: Promise<Response>): Promise<string> => {
        try {
          const response = await request;
          if (response.type === 'opaque') return 'opaque';
          const body = await response.blob();
          return body.type.startsWith('image/') ? body.type : await body.text();
        } catch {
          return 'nothing';
        }
      };
      const get = `${url}/graphql?query=${encodeURIComponent(query)}`;
      return {
        post: await text(
          fetch(`${url}/graphql`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ query }),
          }),
        ),
        get: await text(fetch(get)),
        blindly: await text(fetch(get, { mode: 'no-cors' })),
        stream: await new Promise<string>((resolve) => {
          const stream = `${url}/graphql?query=${encodeURIComponent(subscription)}`;
          const source = new EventSource(stream);
          const end = (outcome: string) => {
            source.close();
            resolve(outcome);
          };
          source.addEventListener('next', ({ data }) => end(String(data)));
          source.addEventListener('error', () => end('nothing'));
        }),
        socket: await new Promise<string>((resolve) => {
          const address = `${url.replace('http', 'ws')}/graphql`;
          const socket = new WebSocket(address, 'graphql-transport-ws');
          socket.addEventListener('open', () => socket.send('{"type":"connection_init"}'));
          socket.addEventListener('message', ({ data }) => {
            socket.close();
            resolve(String(data));
          });
          socket.addEventListener('error', () => resolve('nothing'));
        }),
        picture: await new Promise<string>((resolve) => {
          const element = new Image();
          element.addEventListener('load', () => resolve(`${element.naturalWidth > 0}`));
          element.addEventListener('error', () => resolve('nothing'));
          element.src = image;
        }),
        pictureBytes: await text(fetch(image)),
        pictureBlindly: await text(fetch(image, { mode: 'no-cors' })),
      };
    },
    { url, image },
  );
}

const NOTHING = {
  post: 'nothing',
  get: 'nothing',
  blindly: 'nothing',
  stream: 'nothing',
  socket: 'nothing',
  picture: 'nothing',
  pictureBytes: 'nothing',
  pictureBlindly: 'nothing',
};

const EVERYTHING = {
  post: containing('"box-1"'),
  get: containing('"box-1"'),
  blindly: 'opaque',
  stream: containing('"box-1"'),
  socket: containing('connection_ack'),
  picture: 'true',
  pictureBytes: 'image/jpeg',
  pictureBlindly: 'opaque',
};

describe('in a real browser', () => {
  // Another port is another origin of the same site; another name is another site.
  it.each(['127.0.0.1', 'localhost'])(
    'a page of another origin (%s) gets nothing',
    async (host) => {
      await using simulator = await startSimulator();
      await using server = await gatewayWithPicture(simulator);
      await using other = await otherServer();
      await using page = await browser.newPage();
      await page.goto(`http://${host}:${other.port}/`);
      expect(await haul(page, server.gateway.url, server.image)).toEqual(NOTHING);
    },
  );

  it.each(['127.0.0.1', 'localhost'])(
    'the same page (%s), listed, gets all of it',
    async (host) => {
      await using simulator = await startSimulator();
      await using other = await otherServer();
      const origin = `http://${host}:${other.port}`;
      await using server = await gatewayWithPicture(simulator, { config: { origins: [origin] } });
      await using page = await browser.newPage();
      await page.goto(origin);
      expect(await haul(page, server.gateway.url, server.image)).toEqual(EVERYTHING);
    },
  );

  it('a page of the gateway’s own gets all of it', async () => {
    await using simulator = await startSimulator();
    await using server = await gatewayWithPicture(simulator, {
      fallback: (_request, response) =>
        response.setHeader('Content-Type', 'text/html').end('<!doctype html>'),
    });
    await using page = await browser.newPage();
    await page.goto(`${server.gateway.url}/wall`);
    expect(await haul(page, server.gateway.url, server.image)).toEqual({
      ...EVERYTHING,
      blindly: containing('"box-1"'),
      pictureBlindly: 'image/jpeg',
    });
  });

  it('a page whose name was made to lead to the gateway gets nothing', async () => {
    await using simulator = await startSimulator();
    await using server = await gatewayWithPicture(simulator);
    const { port } = server.gateway;
    const rebound = `http://${REBOUND}:${port}`;
    await using page = await browser.newPage();
    // The attacker's page came from the attacker's server, before the name led here.
    await page.route(`${rebound}/`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
    );
    await page.goto(`${rebound}/`);
    const image = rebound + new URL(server.image).pathname;
    const refusal = containing('does not answer to the host');
    expect(await haul(page, rebound, image)).toEqual({
      ...NOTHING,
      post: refusal,
      get: refusal,
      blindly: refusal,
      pictureBytes: refusal,
      pictureBlindly: refusal,
    });
  });

  describe('over plain HTTP', () => {
    const SUBSCRIPTION =
      'subscription { recognitionEvents(withImages: true) { faceImage { byteLength } } }';
    const config = { publicUrl: `http://${GATE}` };
    const page = (_request: unknown, response: ServerResponse) =>
      response.setHeader('Content-Type', 'text/html').end('<!doctype html>');
    const readOf = ({ port }: Gateway) =>
      `http://${GATE}:${port}/graphql?query=${encodeURIComponent(SUBSCRIPTION)}`;

    it.each(['no-referrer', 'origin'] as const)(
      'a foreign page (%s) makes boxes send no pictures, whatever it embeds',
      async (referrerPolicy) => {
        await using simulator = await startSimulator();
        const { logger, lines } = recordedLog();
        await using gateway = await startGateway({ simulators: [simulator], config, logger });
        await simulator.until(({ configurations }) => configurations.length > 0);
        await using other = await otherServer();
        await using page = await browser.newPage();
        await page.goto(`http://${REBOUND}:${other.port}/`);
        const refusals: number[] = [];
        page.on('response', (response) => {
          if (response.url().includes(GATE)) refusals.push(response.status());
        });
        const outcomes = await page.evaluate(
          async ({ url, referrerPolicy }) => {
            const image = await new Promise<string>((resolve) => {
              const element = new Image();
              element.referrerPolicy = referrerPolicy;
              element.addEventListener('load', () => resolve('loaded'));
              element.addEventListener('error', () => resolve('error'));
              element.src = url;
            });
            // A stream that was opened would not end by itself: it is broken off after its head.
            const stop = new AbortController();
            const fetched = await fetch(url, {
              mode: 'no-cors',
              referrerPolicy,
              headers: { Accept: 'text/event-stream' },
              signal: stop.signal,
            }).then(
              () => 'answered',
              () => 'nothing',
            );
            stop.abort();
            return { image, fetched };
          },
          { url: readOf(gateway), referrerPolicy },
        );
        expect(outcomes.image).toBe('error');
        expect(refusals.filter((status) => status !== 403)).toEqual([]);
        expect(simulator.configurations.some(({ needFace }) => needFace)).toBe(false);
        expect(lines.filter(({ message }) => message.includes('was refused'))).toHaveLength(1);
      },
    );

    it.each([
      ['the gateway’s own', []],
      ['a listed', [`http://${REBOUND}`]],
    ])('%s page opens an EventSource', async (_, listed) => {
      await using simulator = await startSimulator();
      await using other = await otherServer();
      const origins = listed.map((origin) => `${origin}:${other.port}`);
      await using gateway = await startGateway({
        simulators: [simulator],
        config: { ...config, origins },
        fallback: page,
      });
      await using tab = await browser.newPage();
      await tab.goto(`${origins[0] ?? `http://${GATE}:${gateway.port}`}/wall`);
      const opened = await tab.evaluate(
        (url) =>
          new Promise<string>((resolve) => {
            const source = new EventSource(url);
            source.addEventListener('open', () => resolve('open'));
            source.addEventListener('error', () => resolve('error'));
          }),
        readOf(gateway),
      );
      expect(opened).toBe('open');
      await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
    });

    it('the user follows a link of a foreign page to a page of the gateway', async () => {
      await using other = await otherServer();
      await using gateway = await startGateway({ config, fallback: page });
      await using tab = await browser.newPage();
      await tab.goto(`http://${REBOUND}:${other.port}/`);
      const arrived = tab.waitForURL(`http://${GATE}:${gateway.port}/wall`);
      const [response] = await Promise.all([
        tab.waitForResponse((candidate) => candidate.url().endsWith('/wall')),
        arrived,
        tab.evaluate((url) => location.assign(url), `http://${GATE}:${gateway.port}/wall`),
      ]);
      expect(response.status()).toBe(200);
    });
  });
});
