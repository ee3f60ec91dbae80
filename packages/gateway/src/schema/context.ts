import type { Viewer } from '../access/viewer.ts';
import type { Delivery } from '../fanout/delivery.ts';
import type { RecognitionFeed } from '../fanout/feed.ts';
import type { Sink } from '../fanout/sink.ts';
import type { RecognitionSubscription } from '../fanout/subscription.ts';
import type { Directory } from '../fleet/directory.ts';
import type { ImageStore } from '../images/image-store.ts';
import type { Journal } from '../journal/journal.ts';

/** What the resolvers work on: the same for every operation of a gateway. */
export interface GraphQLServices {
  readonly directory: Directory;
  readonly journal: Journal;
  readonly images: ImageStore;
  readonly feed: RecognitionFeed;
}

/** Who asks, and over which connection: the same for every operation of a connection. */
export interface GraphQLConnection {
  readonly viewer: Viewer;
  /** Where the client says that it was broken off (`Last-Event-ID`); beats the argument `after`. */
  readonly resumeAfter: string | undefined;
  readonly cursor: CursorTracker;
}

/** Is told what a connection's subscriptions hand out, to know how far its client has got. */
export interface CursorTracker {
  track(subscription: RecognitionSubscription): AsyncIterableIterator<Delivery>;
}

/**
 * Given to every resolver. Loaders cache by the identity of this object, so each query and
 * each event of a subscription gets an object of its own.
 */
export interface GraphQLContext extends GraphQLServices {
  readonly connection: GraphQLConnection;
  /** Where events may go that are encoded already; undefined when the transport wants results. */
  readonly sink: Sink | undefined;
}
