import { ClientShares } from '../client-shares.ts';
import type { LimitsConfig } from '../config/limits.ts';
import type { Caller } from './caller.ts';
import { RateLimit } from './rate-limit.ts';

export type ViewerLimitsConfig = Pick<
  LimitsConfig,
  'operationsPerMinute' | 'subscriptionsPerViewer' | 'picturesPerMinute'
>;

/** How much each viewer may ask, whatever the number of its connections. */
export class ViewerLimits {
  readonly #operations: RateLimit;
  readonly #pictures: RateLimit;
  readonly #subscriptions: ClientShares;

  /** @param now of elapsed time in ms. Default: `performance.now`. */
  constructor(limits: ViewerLimitsConfig, now?: () => number) {
    this.#operations = new RateLimit(limits.operationsPerMinute, now);
    this.#pictures = new RateLimit(limits.picturesPerMinute, now);
    this.#subscriptions = new ClientShares(limits.subscriptionsPerViewer);
  }

  /** Undefined when the viewer may begin one more operation; else in how many ms it may. */
  operation(caller: Caller): number | undefined {
    return this.#operations.take(viewerKey(caller));
  }

  /** One more subscription, disposed of when it ends; undefined when it is one too many. */
  subscription(caller: Caller): Disposable | undefined {
    return this.#subscriptions.acquire(viewerKey(caller));
  }

  /**
   * Undefined when one more picture may be asked for by its address; else in how many ms.
   *
   * @param classKey of the permission class that the picture's address is signed for: viewers that
   *   share an address of the network and see different things are counted apart.
   */
  picture(address: string | undefined, classKey = ''): number | undefined {
    return this.#pictures.take(address === undefined ? undefined : `${address} ${classKey}`);
  }
}

/**
 * What counts as one viewer: the holder of a JWT; the holders of a token at one address, since a
 * token may be that of all desks; without a credential, an address. Undefined, for what is not
 * counted: this machine and proxies, without a JWT.
 */
function viewerKey({ viewer, address }: Caller): string | undefined {
  const { kind, issuer, subject, name } = viewer;
  if (issuer !== undefined) return JSON.stringify([issuer, subject ?? name]);
  if (address === undefined) return undefined;
  return kind === 'open' ? address : JSON.stringify([name, address]);
}
