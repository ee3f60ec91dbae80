import { Agent } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import type { Random } from '@se5/simulator';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { atRate, pause } from '../at-rate.ts';
import type { Attack, ClientAttackName } from '../attack.ts';
import type { Target } from '../process-messages.ts';
import type { Tally } from '../tally.ts';
import {
  counts,
  FILTERED,
  LIST,
  LONG_PAGE,
  nestedQuery,
  nestedSubscription,
  OLDEST,
  SUBSCRIBE,
  SUBSCRIBE_AFTER,
  SUBSCRIBE_DEVICES,
} from './documents.ts';
import { ask, headersOf } from './request.ts';
import { closed, leave, openSocket, send } from './socket.ts';
import { askUnread } from './unread.ts';

export interface ClientAttack {
  readonly attack: Attack;
  readonly target: Target;
  readonly tally: Tally;
  readonly random: Random;
  /** Undefined: the attacker is on the gateway's machine, whose connections are not counted by address. */
  readonly address: string | undefined;
  /** Aborts when its time is over. */
  readonly signal: AbortSignal;
}

type Body = Readonly<Record<string, unknown>>;

const scaled = ({ attack }: ClientAttack, most: number): number => Math.ceil(most * attack.scale);

/** Asks with so many requests at once, and counts how they end. */
async function askAll(
  hostile: ClientAttack,
  bodies: readonly (Body | undefined)[],
  one: (body: Body | undefined) => Promise<string>,
): Promise<void> {
  await Promise.all(
    bodies.map(async (body) => {
      hostile.tally.tried();
      hostile.tally.got(await one(body));
    }),
  );
}

const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Opens so many sockets, and closes them in the end. */
async function withSockets(
  hostile: ClientAttack,
  count: number,
  act: (socket: WebSocket) => Promise<void>,
): Promise<void> {
  await Promise.all(
    times(count, async () => {
      const socket = await openSocket(hostile);
      if (!socket) return;
      await act(socket);
      leave(socket);
    }),
  );
}

/** At most so many requests that run at once, at a rate. */
async function askAtRate(
  hostile: ClientAttack,
  { perSecond, most, atOnce }: { perSecond: number; most: number; atOnce: number },
  body: (index: number) => Body,
  token?: () => string,
): Promise<void> {
  const { target, address, tally, signal } = hostile;
  using stack = new DisposableStack();
  const agent = stack.adopt(new Agent({ keepAlive: true, maxSockets: atOnce }), (a) => a.destroy());
  const open = new Set<Promise<void>>();
  await atRate({ perSecond, most: scaled(hostile, most), signal }, (index) => {
    if (open.size >= atOnce) return;
    tally.tried();
    const asked = {
      target,
      address,
      agent,
      signal,
      body: body(index),
      ...(token && { token: token() }),
    };
    const one = ask(asked).then((outcome) => {
      tally.got(outcome);
      open.delete(one);
    });
    open.add(one);
  });
  await Promise.all(open);
}

/** Of a message that the gateway takes: 1 MiB at most. */
const LONG_LIST = 27_000;

/** Waiting to be sent by an attacker before it waits itself. */
const MOST_BUFFERED = 2 ** 20;

const NESTED_LEVELS = [2, 4, 6, 8, 40];

const cursorSchema = z.object({
  data: z.object({
    recognitionEvents: z.object({ edges: z.array(z.object({ cursor: z.string() })) }),
  }),
});

/** Undefined when there is no event, or no answer in time. */
async function oldestCursor({
  target,
  address,
  signal,
}: ClientAttack): Promise<string | undefined> {
  const response = await fetch(`http://127.0.0.1:${target.port}/graphql`, {
    method: 'POST',
    headers: { ...headersOf({ target, address }), 'content-type': 'application/json' },
    body: JSON.stringify({ query: OLDEST }),
    signal,
  });
  const { data } = cursorSchema.parse(await response.json());
  return data.recognitionEvents.edges[0]?.cursor;
}

/** What each hostile client does. */
export const CLIENT_ATTACKS: Readonly<
  Record<ClientAttackName, (hostile: ClientAttack) => Promise<void>>
> = {
  'graphiql-unread': (hostile) =>
    askAll(
      hostile,
      times(scaled(hostile, 200), () => undefined),
      () => askUnread({ ...hostile, token: null }, hostile.signal),
    ),
  'answers-unread': (hostile) =>
    askAll(
      hostile,
      times(scaled(hostile, 24), () => ({ query: LONG_PAGE })),
      (body) => askUnread({ ...hostile, ...(body && { body }) }, hostile.signal),
    ),
  'wrong-tokens': async (hostile) => {
    const guess = () => `guess-${hostile.random.hex(24)}`;
    await Promise.all([
      askAtRate(
        hostile,
        { perSecond: 500, most: 1_000, atOnce: 50 },
        () => ({ query: LIST }),
        guess,
      ),
      ...times(scaled(hostile, 20), async () => {
        hostile.tally.tried();
        const socket = await openSocket({ ...hostile, token: guess() });
        if (socket) leave(socket);
      }),
    ]);
  },
  'deep-nesting': async (hostile) => {
    const { random, tally, signal } = hostile;
    const levels = () => random.pick(NESTED_LEVELS);
    await Promise.all([
      askAtRate(hostile, { perSecond: 20, most: 60, atOnce: 8 }, () => ({
        query: nestedQuery(levels()),
      })),
      withSockets(hostile, 1, async (socket) => {
        await atRate({ perSecond: 10, most: scaled(hostile, 20), signal }, (index) => {
          tally.tried();
          const payload = { query: nestedSubscription(levels()) };
          send(socket, { id: String(index), type: 'subscribe', payload });
        });
        await pause(hostile.attack.ms, signal);
      }),
    ]);
  },
  'counts-abandoned': async (hostile) => {
    const { target, address, tally, random, signal } = hostile;
    await atRate({ perSecond: 6, most: scaled(hostile, 24), signal }, (index) => {
      tally.tried();
      const body = { query: counts(20, hostile.attack.seed + index) };
      const leaving = AbortSignal.timeout(1 + random.below(50));
      void ask({ target, address, body, signal: leaving }).then((outcome) => tally.got(outcome));
    });
    await pause(hostile.attack.ms, signal);
  },
  'long-device-lists': (hostile) =>
    withSockets(hostile, 1, async (socket) => {
      const { tally, signal } = hostile;
      // A list that is just short enough, and one that is as long as a message can be.
      await atRate({ perSecond: 16, most: scaled(hostile, 64), signal }, (index) => {
        tally.tried();
        const ids = times(
          index % 2 === 0 ? 1_000 : LONG_LIST,
          (id) => `box-${index}/${id}-${'d'.repeat(16)}`,
        );
        const payload = { query: SUBSCRIBE_DEVICES, variables: { deviceIds: ids } };
        send(socket, { id: String(index), type: 'subscribe', payload });
      });
      await pause(hostile.attack.ms, signal);
    }),
  'unknown-variables': async (hostile) => {
    const unknown = Object.fromEntries(times(scaled(hostile, 60_000), (index) => [`u${index}`, 1]));
    const bodies = [
      { query: LIST, variables: unknown },
      { query: FILTERED, variables: { filter: unknown } },
      { query: FILTERED, variables: { filter: { deviceIds: Object.values(unknown) } } },
    ];
    await askAtRate(
      hostile,
      { perSecond: 4, most: 12, atOnce: 4 },
      (index) => bodies[index % bodies.length] ?? {},
    );
  },
  'pongs-unread': (hostile) =>
    withSockets(hostile, 8, async (socket) => {
      const { tally, signal } = hostile;
      socket.pause();
      const ping = JSON.stringify({ type: 'ping' });
      let isCounted = false;
      await atRate({ perSecond: 20_000, most: scaled(hostile, 100_000), signal }, (index) => {
        if (socket.bufferedAmount > MOST_BUFFERED) {
          if (!isCounted) tally.got('not heard any more');
          isCounted = true;
          return;
        }
        tally.tried();
        if (index % 2 === 0) socket.send(ping, () => undefined);
        else socket.ping(undefined, undefined, () => undefined);
      });
      await closed(socket, signal);
    }),
  'subscribe-complete': (hostile) =>
    withSockets(hostile, 2, async (socket) => {
      const { tally, signal } = hostile;
      await atRate({ perSecond: 2_000, most: scaled(hostile, 8_000), signal }, (index) => {
        if (socket.bufferedAmount > MOST_BUFFERED) return;
        tally.tried();
        const id = String(index % 8);
        send(socket, { id, type: 'subscribe', payload: { query: SUBSCRIBE } });
        send(socket, { id, type: 'complete' });
      });
    }),
  'queries-at-full-speed': async (hostile) => {
    await Promise.all([
      askAtRate(hostile, { perSecond: 1_000, most: 4_000, atOnce: 16 }, () => ({ query: LIST })),
      withSockets(hostile, 2, async (socket) => {
        const { tally, signal } = hostile;
        await atRate({ perSecond: 500, most: scaled(hostile, 2_000), signal }, (index) => {
          if (socket.bufferedAmount > MOST_BUFFERED) return;
          tally.tried();
          send(socket, { id: String(index), type: 'subscribe', payload: { query: LIST } });
        });
        await turn();
      }),
    ]);
  },
  'replays-unread': async (hostile) => {
    const after = await oldestCursor(hostile).catch(() => undefined);
    if (after === undefined) {
      hostile.tally.got('nothing to replay');
      return;
    }
    await withSockets(hostile, scaled(hostile, 20), async (socket) => {
      const payload = { query: SUBSCRIBE_AFTER, variables: { after } };
      socket.pause();
      for (let id = 0; id < 8; id += 1) {
        hostile.tally.tried();
        send(socket, { id: String(id), type: 'subscribe', payload });
      }
      await closed(socket, hostile.signal);
    });
  },
  'sockets-by-the-hundred': async (hostile) => {
    const { tally, signal } = hostile;
    const opening: Promise<WebSocket | undefined>[] = [];
    await atRate({ perSecond: 400, most: scaled(hostile, 1_200), signal }, () => {
      tally.tried();
      opening.push(openSocket(hostile));
    });
    for (const socket of await Promise.all(opening)) if (socket) leave(socket);
  },
};
