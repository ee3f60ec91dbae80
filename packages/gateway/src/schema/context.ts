import type { Viewer } from '../access/viewer.ts';
import type { RecognitionFeed } from '../fanout/feed.ts';
import type { Directory } from '../fleet/directory.ts';
import type { ImageStore } from '../images/image-store.ts';
import type { Journal } from '../journal/journal.ts';
import type { ConnectionCursor } from '../transport/connection-cursor.ts';

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
  readonly cursor: ConnectionCursor;
  /** Where the connection says it broke off (`Last-Event-ID`); beats the argument `after`. */
  readonly resumeAfter: string | undefined;
}

/**
 * Given to every resolver. Loaders cache by the identity of this object, so each query and
 * each event of a subscription gets an object of its own.
 */
export interface GraphQLContext extends GraphQLServices {
  readonly connection: GraphQLConnection;
}
