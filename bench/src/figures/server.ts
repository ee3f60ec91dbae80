import type { ContenderName, PictureStore } from '../contenders/contender.ts';
import type { ContenderMethods } from '../contenders/host.ts';
import { deviceIds } from '../load/event-pool.ts';
import type { Operation } from '../operation.ts';
import { Child } from '../process/child.ts';
import type { Bench } from './figure.ts';
import { Session } from './session.ts';

export interface ServerSetup {
  /** Default 1. */
  readonly boxes?: number;
  /** Of each box. Default 1. */
  readonly devices?: number;
  /** Of each of three pictures, decoded. Default 0: none. */
  readonly pictureBytes?: number;
  /** Whether the gateway asks for pictures whoever subscribes. Default false. */
  readonly capturesAlways?: boolean;
  /** Of the gateway. Default `disk`. */
  readonly pictureStore?: PictureStore;
}

/** A contender in a process of its own, with boxes of its own. */
export class Server implements AsyncDisposable {
  readonly name: ContenderName;
  readonly group: number;
  readonly port: number;
  readonly process: Child<ContenderMethods>;
  readonly #owned: AsyncDisposableStack;

  /** Settles when the contender listens to its boxes, and can be subscribed to. */
  static async start(
    { load, cores }: Bench,
    name: ContenderName,
    setup: ServerSetup,
    answer = '',
  ): Promise<Server> {
    await using owned = new AsyncDisposableStack();
    const {
      boxes = 1,
      devices = 1,
      pictureBytes = 0,
      capturesAlways = false,
      pictureStore,
    } = setup;
    const { group, ...ports } = await load.call('openBoxes', { boxes, devices, pictureBytes });
    owned.defer(() => load.call('closeBoxes', group));
    const child = owned.use(
      new Child<ContenderMethods>(new URL(`../contenders/${name}.ts`, import.meta.url), {
        core: cores.server,
      }),
    );
    // The peers have no way to change their mind, so they ask from the beginning.
    const pictures = name === 'gateway' ? capturesAlways : pictureBytes > 0;
    const { port } = await child.call('start', {
      ...ports,
      devices: deviceIds(devices),
      pictures,
      answer,
      ...(pictureStore && { pictureStore }),
    });
    await load.call('configured', { group, pictures });
    return new Server(name, group, port, child, owned.move());
  }

  private constructor(
    name: ContenderName,
    group: number,
    port: number,
    process: Child<ContenderMethods>,
    owned: AsyncDisposableStack,
  ) {
    this.name = name;
    this.group = group;
    this.port = port;
    this.process = process;
    this.#owned = owned;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }
}

/** Contenders that run at the same time; those whose turn it is not have nothing to do. */
export class Servers implements AsyncDisposable {
  readonly all: readonly Server[];
  readonly #owned: AsyncDisposableStack;

  /**
   * @param operation is what will be subscribed to: the bare broadcast sends the gateway's own
   *   answer to it.
   */
  static async start(
    bench: Bench,
    names: readonly ContenderName[],
    setup: ServerSetup,
    operation: Operation,
  ): Promise<Servers> {
    await using owned = new AsyncDisposableStack();
    const gateway = owned.use(await Server.start(bench, 'gateway', setup));
    const answer = await heat(bench, gateway, setup, operation);
    const all: Server[] = [];
    for (const name of names) {
      if (name === 'gateway') {
        all.push(gateway);
        continue;
      }
      const server = owned.use(await Server.start(bench, name, setup, answer));
      await heat(bench, server, setup, operation);
      all.push(server);
    }
    return new Servers(all, owned.move());
  }

  private constructor(all: readonly Server[], owned: AsyncDisposableStack) {
    this.all = all;
    this.#owned = owned;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }
}

/** Few, so that many events go by. */
const HEATING_SUBSCRIBERS = 10;

/** Events under way while the code becomes hot; with pictures, so few that none are left out. */
const IN_FLIGHT = { plain: 20, pictured: 4 };

/**
 * Makes hot what is run once for each event: a server in use has seen thousands of them, and
 * one that has just been started would be measured in its compilers.
 *
 * @returns one answer, byte for byte.
 */
async function heat(
  bench: Bench,
  server: Server,
  { pictureBytes = 0, capturesAlways = false }: ServerSetup,
  { query }: Operation,
): Promise<string> {
  const picturesShown = pictureBytes > 0 && !capturesAlways;
  await using session = await Session.open(bench, server, {
    subscribers: HEATING_SUBSCRIBERS,
    // Without its filter: the bare broadcast knows of none.
    operations: [{ query }],
    picturesAsked: picturesShown || capturesAlways,
    picturesShown,
  });
  const durationMs = bench.plan.heatMs;
  const inFlight = pictureBytes > 0 ? IN_FLIGHT.pictured : IN_FLIGHT.plain;
  await session.send({ kind: 'saturated', durationMs, inFlight });
  return await session.sample();
}
