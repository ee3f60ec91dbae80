import { once } from 'node:events';
import { createServer, IncomingMessage } from 'node:http';
import { type AddressInfo, connect, Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { OpenByAddress } from '../../src/transport/addresses.ts';
import { limitByAddress, type UpgradeListener } from '../../src/transport/upgrade.ts';
import { UpgradeQueue, type UpgradeQueueOptions } from '../../src/transport/upgrade-queue.ts';
import { until } from '../support/until.ts';

/** What letting one in takes here, in ms. */
const COST_MS = 1;

const busy = (ms: number): void => {
  const end = performance.now() + ms;
  // clock: this is the work that the queue measures; more of it does no harm.
  while (performance.now() < end);
};

const newcomer = () => new IncomingMessage(new Socket());
const NO_HEAD = Buffer.alloc(0);

it('lets in who comes alone at once, and of many a few in each turn, in their order', async () => {
  const admitted: IncomingMessage[] = [];
  const { upgrade } = new UpgradeQueue((request) => {
    busy(COST_MS);
    admitted.push(request);
  });
  const first = newcomer();
  upgrade(first, first.socket, NO_HEAD);
  expect(admitted).toEqual([first]);

  const crowd = Array.from({ length: 20 }, newcomer);
  for (const each of crowd) upgrade(each, each.socket, NO_HEAD);
  const perTurn: number[] = [];
  while (admitted.length < 21) {
    const before = admitted.length;
    await nextTurn();
    perTurn.push(admitted.length - before);
  }
  expect(admitted).toEqual([first, ...crowd]);
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(4);
  const last = newcomer();
  await nextTurn();
  upgrade(last, last.socket, NO_HEAD);
  expect(admitted.at(-1)).toBe(last);
});

/** A queue in front of a server, whose turns of the event loop begin when the test says so. */
class Crowd implements AsyncDisposable {
  readonly admitted: IncomingMessage[] = [];
  readonly queue: UpgradeQueue;
  readonly addresses = new OpenByAddress({ ...DEFAULT_LIMITS, socketsPerAddress: 3 });
  readonly #server = createServer();
  readonly #clients: Socket[] = [];
  /** Newcomers that were let in, made to wait or refused. */
  #came = 0;
  #goOn: (() => void) | undefined;

  static async with(options: UpgradeQueueOptions = {}): Promise<Crowd> {
    const crowd = new Crowd(options);
    crowd.#server.listen(0, '127.0.0.1');
    await once(crowd.#server, 'listening');
    // It takes all of the turn: whoever comes behind it has to wait.
    await crowd.ask();
    expect(crowd.admitted).toHaveLength(1);
    return crowd;
  }

  private constructor(options: UpgradeQueueOptions) {
    this.queue = new UpgradeQueue(
      (request) => {
        this.admitted.push(request);
        busy(3);
      },
      {
        ...options,
        nextTurn: (goOn) => {
          this.#goOn = goOn;
        },
      },
    );
    const upgrade = limitByAddress(this.addresses, this.queue.upgrade);
    this.#server.on('upgrade', (...newcomer: Parameters<UpgradeListener>) => {
      this.#came += 1;
      upgrade(...newcomer);
    });
  }

  /** A client that has asked for a WebSocket, and sent `early` in one piece with that. */
  async ask({ from = '127.0.0.1', early = '' } = {}): Promise<Socket> {
    const client = connect((this.#server.address() as AddressInfo).port, '127.0.0.1');
    this.#clients.push(client.on('error', () => {}));
    const came = this.#came + 1;
    const headers = ['Host: a', 'Connection: Upgrade', 'Upgrade: websocket'];
    const lines = ['GET /graphql HTTP/1.1', ...headers, `X-Forwarded-For: ${from}`, '', early];
    client.write(lines.join('\r\n'));
    await until(() => this.#came === came);
    return client;
  }

  turn(): void {
    this.#goOn?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.destroy();
    for (const { socket } of this.admitted) socket.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

/** All that a client is answered, until the gateway closes the connection. */
async function answerTo(client: Socket): Promise<string> {
  let text = '';
  for await (const chunk of client.setEncoding('utf8')) text += String(chunk);
  return text;
}

describe('a WebSocket that waits to be let in', () => {
  it.each([
    ['sockets', { maxSockets: 2 }],
    ['bytes', { maxBytes: 2 * 4_500 }],
  ])('is refused with 503 and a code beyond a bound of %s', async (_, bounds) => {
    await using crowd = await Crowd.with(bounds);
    await crowd.ask();
    await crowd.ask();
    const answer = await answerTo(await crowd.ask());
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain('"code":"OVERLOADED"');
    expect(crowd.queue.size).toBe(2);
    crowd.turn();
    crowd.turn();
    expect(crowd.admitted).toHaveLength(3);
    expect(crowd.queue.size).toBe(0);
  });

  it.each([
    ['ends', (client: Socket) => client.end()],
    ['resets', (client: Socket) => client.resetAndDestroy()],
  ])('leaves the queue when its client %s the connection', async (_, go) => {
    await using crowd = await Crowd.with();
    const leaving = await crowd.ask({ from: '192.0.2.1' });
    expect([crowd.queue.size, crowd.addresses.size]).toEqual([1, 1]);
    go(leaving);
    await until(() => crowd.addresses.size === 0);
    expect(crowd.queue.size).toBe(0);
    crowd.turn();
    expect(crowd.admitted).toHaveLength(1);
  });

  it('counts for its address while it waits', async () => {
    await using crowd = await Crowd.with();
    for (let count = 0; count < 3; count += 1) await crowd.ask({ from: '192.0.2.1' });
    const answer = await answerTo(await crowd.ask({ from: '192.0.2.1' }));
    expect(answer).toMatch(/^HTTP\/1\.1 429 /);
    expect(answer).toContain('"code":"TOO_MANY_CONNECTIONS"');
    expect(crowd.queue.size).toBe(3);
  });

  it('may send nothing before it is answered, with its request or behind it', async () => {
    await using crowd = await Crowd.with();
    const waiting = await crowd.ask();
    waiting.write('early');
    for (const answer of [
      await answerTo(await crowd.ask({ early: 'early' })),
      await answerTo(waiting),
    ]) {
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('"code":"BAD_USER_INPUT"');
    }
    expect(crowd.queue.size).toBe(0);
  });

  it('is refused with SHUTTING_DOWN when the gateway goes away', async () => {
    await using crowd = await Crowd.with();
    const waiting = await crowd.ask();
    crowd.queue[Symbol.dispose]();
    const late = await crowd.ask();
    for (const answer of [await answerTo(waiting), await answerTo(late)]) {
      expect(answer).toMatch(/^HTTP\/1\.1 503 /);
      expect(answer).toContain('"code":"SHUTTING_DOWN"');
    }
    expect(crowd.admitted).toHaveLength(1);
  });
});
