import {
  type Box,
  type Client,
  type ClientState,
  createClient,
  type Device,
  type FreshImages,
  freshImages,
  type RecognitionEvent,
  type Site,
} from '@se5/client';
import { createFrameBatch } from './frame-batch.ts';
import { ownGateway, type Role } from './roles.ts';
import { rowsOf } from './row.ts';
import { createStore, type Store } from './store.ts';
import { emptyWall, reduceWall, type Wall, type WallAction } from './wall.ts';

/** What can be chosen in the filters. */
export interface Inventory {
  readonly sites: readonly Site[];
  readonly devices: readonly Device[];
}

/** One connection to the gateway, and all that the wall shows of it. */
export interface GatewaySession {
  readonly gateway: string;
  /** Whether its gateway is the one that serves the page. */
  readonly isOwn: boolean;
  readonly wall: Store<Wall>;
  /** Undefined until the gateway has told. */
  readonly boxes: Store<readonly Box[] | undefined>;
  readonly inventory: Store<Inventory>;
  readonly connection: Store<ClientState>;
  readonly images: FreshImages;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly close: () => void;
}

/** How much of the past a wall begins with, in events. */
const recentEvents = 50;

/** A role that brings no token has what the browser's session shows. */
export function openSession({ url, others, token }: Role): GatewaySession {
  // The page's own gateway first: the others are for when it is away.
  const client = createClient({ url: [url, ...others], random: () => 0, token });
  const wall = createStore<Wall>(emptyWall);
  const boxes = createStore<readonly Box[] | undefined>(undefined);
  const inventory = createStore<Inventory>({ sites: [], devices: [] });
  const connection = createStore<ClientState>(client.state);

  const dispatch = (action: WallAction) => wall.set(reduceWall(wall.get(), action));
  const batch = createFrameBatch<RecognitionEvent>((events) =>
    dispatch({
      type: 'received',
      rows: events.toReversed().flatMap((event) => rowsOf(withAddresses(client, event))),
    }),
  );

  // The connection's state, which the page shows, says what a stream's error would say again.
  const shownByConnection = () => {};
  const stops = new Set<() => void>();
  let closed = false;

  const refreshInventory = async () => {
    const [sites, devices, allBoxes] = await Promise.all([
      client.sites(),
      client.devices(),
      client.boxes(),
    ]);
    inventory.set({ sites, devices });
    boxes.set(allBoxes);
  };
  const begin = async () => {
    const after = await showRecent(client, batch.push);
    if (closed) return;
    const events = client.recognitionEvents({ withImages: true, after });
    stops.add(events.subscribe({ next: batch.push, error: shownByConnection }));
  };

  stops.add(
    client.onState((state) => {
      connection.set(state);
      if (state.name === 'live') void refreshInventory().catch(shownByConnection);
    }),
  );
  void begin();
  stops.add(
    client.boxStatus().subscribe({
      next: (box) => boxes.set(withBox(boxes.get() ?? [], box)),
      error: shownByConnection,
    }),
  );

  return {
    gateway: url,
    isOwn: url === ownGateway(),
    wall,
    boxes,
    inventory,
    connection,
    images: freshImages(client),
    pause: () => dispatch({ type: 'paused' }),
    resume: () => dispatch({ type: 'resumed' }),
    close() {
      closed = true;
      for (const stop of stops) stop();
      batch.cancel();
      void client.dispose();
    },
  };
}

/** @returns where to go on behind what was shown; undefined where no past can be had. */
async function showRecent(
  client: Client,
  show: (event: RecognitionEvent) => void,
): Promise<string | undefined> {
  try {
    const { events, cursor } = await client.history({ last: recentEvents });
    for (const event of events) show(event);
    return cursor;
  } catch {
    return undefined;
  }
}

const withBox = (boxes: readonly Box[], box: Box): readonly Box[] =>
  boxes.some(({ id }) => id === box.id)
    ? boxes.map((other) => (other.id === box.id ? box : other))
    : [...boxes, box];

/** Its pictures may be at another gateway than the page. */
function withAddresses(client: Client, event: RecognitionEvent): RecognitionEvent {
  const at = (image: RecognitionEvent['faceImage']) =>
    image && { ...image, url: client.imageUrl(image) ?? null };
  return {
    ...event,
    faceImage: at(event.faceImage),
    sceneImage: at(event.sceneImage),
    registeredImage: at(event.registeredImage),
  };
}
