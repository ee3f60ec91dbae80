import {
  type Box,
  type ClientState,
  createClient,
  type Device,
  type FreshImages,
  freshImages,
  type RecognitionEvent,
  type Site,
} from '@se5/client';
import { type AlarmBoard, emptyBoard } from './alarm-board.ts';
import { type AlarmDesk, openAlarmDesk } from './alarm-desk.ts';
import { followBlacklisted } from './blacklisted.ts';
import { emptyFeed, type Feed, reduceFeed } from './feed.ts';
import { type FeedSource, openFeedSource, type Shown } from './feed-source.ts';
import { type Filters, toEventFilter } from './filters.ts';
import { followAlarms } from './follow-alarms.ts';
import type { HourCount } from './hour-count.ts';
import { ownGateway, type Role } from './roles.ts';
import { createStore, type Store } from './store.ts';
import { withAddresses } from './with-addresses.ts';

/** What can be chosen in the filters. */
export interface Inventory {
  readonly sites: readonly Site[];
  readonly devices: readonly Device[];
}

/** How the page's connection stands. */
export interface Connection {
  readonly state: ClientState;
  /** When it was last lost, in ms since the Unix epoch; undefined while it is there, and before. */
  readonly lostAt: number | undefined;
}

/** One connection to the gateway, and all that the wall shows of it. */
export interface GatewaySession {
  readonly gateway: string;
  /** Whether its gateway is the one that serves the page. */
  readonly isOwn: boolean;
  readonly feed: Store<Feed>;
  readonly alarms: Store<AlarmBoard>;
  readonly alarmDesk: AlarmDesk;
  /** People on the blacklist, newest first, until they are marked as seen on this page. */
  readonly blacklisted: Store<readonly RecognitionEvent[]>;
  /** Undefined until the gateway has told. */
  readonly boxes: Store<readonly Box[] | undefined>;
  readonly inventory: Store<Inventory>;
  readonly connection: Store<Connection>;
  readonly images: FreshImages;
  /** Asks for sites, boxes and devices anew. */
  readonly refresh: () => void;
  /** Fills the feed with that, from now on. */
  readonly show: (shown: Shown) => void;
  /** While it is held, nothing in the feed moves. */
  readonly hold: (held: boolean) => void;
  readonly catchUp: () => void;
  readonly loadOlder: () => void;
  readonly dismissBlacklisted: () => void;
  /** Undefined when the gateway does not show such an event. */
  readonly eventById: (id: string) => Promise<RecognitionEvent | undefined>;
  /** Undefined when the gateway does not tell: it is away, or shows this role no history. */
  readonly countByHour: (
    filters: Filters,
    bounds: { readonly from: string; readonly to: string },
    timeZone: string,
  ) => Promise<readonly HourCount[] | undefined>;
  readonly close: () => void;
}

const COUNT_BY_HOUR = `query Hours($filter: RecognitionEventFilter, $timeZone: String!) {
  eventCounts(filter: $filter, by: HOUR, timeZone: $timeZone) { from to count }
}`;

/** A role that brings no token has what the browser's session shows. */
export function openSession({ url, others, token }: Role): GatewaySession {
  // The page's own gateway first: the others are for when it is away.
  const client = createClient({ url: [url, ...others], random: () => 0, token });
  const feed = createStore<Feed>(emptyFeed);
  const alarms = createStore<AlarmBoard>(emptyBoard);
  const alarmDesk = openAlarmDesk(client, alarms);
  const blacklisted = createStore<readonly RecognitionEvent[]>([]);
  const boxes = createStore<readonly Box[] | undefined>(undefined);
  const inventory = createStore<Inventory>({ sites: [], devices: [] });
  const connection = createStore<Connection>({ state: client.state, lostAt: undefined });
  let source: FeedSource | undefined;

  // The connection's state, which the page shows, says what a stream's error would say again.
  const shownByConnection = () => {};

  const refreshInventory = async () => {
    const [sites, devices, allBoxes] = await Promise.all([
      client.sites(),
      client.devices(),
      client.boxes(),
    ]);
    inventory.set({ sites, devices });
    boxes.set(allBoxes);
  };
  const refresh = () => void refreshInventory().catch(shownByConnection);
  const stops = [
    client.onState((state) => {
      connection.set(nextConnection(connection.get(), state, Date.now()));
      if (state.name !== 'live') return;
      alarmDesk.askRights();
      refresh();
      // What could not be read while the gateway was away.
      if (feed.get().older === 'failed') source?.loadOlder();
    }),
    client.boxStatus().subscribe({
      next: (box) => boxes.set(withBox(boxes.get() ?? [], box)),
      error: shownByConnection,
    }),
  ];
  let closed = false;
  let followsOthers = false;
  const beginOthers = () => {
    if (closed || followsOthers) return;
    followsOthers = true;
    stops.push(followAlarms(client, alarms), followBlacklisted(client, blacklisted));
  };

  return {
    gateway: url,
    isOwn: url === ownGateway(),
    feed,
    alarms,
    alarmDesk,
    blacklisted,
    boxes,
    inventory,
    connection,
    images: freshImages(client),
    refresh,
    show(shown) {
      source?.close();
      source = openFeedSource(client, shown, feed);
      // The stream is the first to follow what comes: a role without history has no other start.
      void source.begun.then(beginOthers);
    },
    hold: (held) => feed.set(reduceFeed(feed.get(), { type: held ? 'held' : 'released' })),
    catchUp: () => feed.set(reduceFeed(feed.get(), { type: 'caught up' })),
    loadOlder: () => source?.loadOlder(),
    dismissBlacklisted: () => blacklisted.set([]),
    async eventById(id) {
      const event = await client.recognitionEvent(id).catch(() => null);
      return event ? withAddresses(client, event) : undefined;
    },
    async countByHour(filters, bounds, timeZone) {
      const variables = { filter: { ...toEventFilter(filters), ...bounds }, timeZone };
      const counts = client.query<{ eventCounts: readonly HourCount[] }>(COUNT_BY_HOUR, variables);
      return counts.then(
        ({ eventCounts }) => eventCounts,
        () => undefined,
      );
    },
    close() {
      closed = true;
      source?.close();
      for (const stop of stops) stop();
      void client.dispose();
    },
  };
}

/** A first connection that is refused was never there to lose. */
function nextConnection(
  { state: before, lostAt }: Connection,
  state: ClientState,
  now: number,
): Connection {
  if (state.name === 'live') return { state, lostAt: undefined };
  return { state, lostAt: lostAt ?? (before.name === 'live' ? now : undefined) };
}

const withBox = (boxes: readonly Box[], box: Box): readonly Box[] =>
  boxes.some(({ id }) => id === box.id)
    ? boxes.map((other) => (other.id === box.id ? box : other))
    : [...boxes, box];
