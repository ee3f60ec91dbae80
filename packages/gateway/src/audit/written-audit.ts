import type { Caller } from '../access/caller.ts';
import { RateLimit } from '../access/rate-limit.ts';
import type { GatewayErrorCode } from '../errors.ts';
import type { ErasureTarget } from '../privacy/erasure-target.ts';
import type {
  AnsweredAlarm,
  AskedSubscription,
  Audit,
  Export,
  QueriedPictures,
  ReadHistory,
  Refusal,
  SeenPicture,
} from './audit.ts';
import { describeFilter, describeViewer, digestOf, listOrCount } from './described.ts';

/** Lines a minute about those who are not let in: anybody can make one, as often as he likes. */
const REFUSALS_PER_MINUTE = 600;

/** What is before all else in a line. */
interface Line {
  readonly kind: keyof Audit | 'connectionClosed' | 'subscriptionEnded';
  readonly [key: string]: unknown;
}

export interface WrittenAuditOptions {
  /** Takes a line without its end, and the wall time at which it was made. Must not throw. */
  readonly write: (line: string, at: number) => void;
  /** Wall time, ms since the Unix epoch. */
  readonly now: () => number;
  /** Elapsed time in ms. */
  readonly elapsed: () => number;
}

/** Makes a line of JSON of each thing that is to be written down. */
export class WrittenAudit implements Audit {
  readonly #write: WrittenAuditOptions['write'];
  readonly #now: () => number;
  readonly #refusals: RateLimit;
  #refusalsOmitted = 0;
  #subscriptions = 0;

  constructor({ write, now, elapsed }: WrittenAuditOptions) {
    this.#write = write;
    this.#now = now;
    this.#refusals = new RateLimit(REFUSALS_PER_MINUTE, elapsed);
  }

  connectionOpened(caller: Caller): Disposable {
    this.#line({ kind: 'connectionOpened', ...by(caller) });
    let isOpen = true;
    return {
      [Symbol.dispose]: () => {
        if (isOpen) this.#line({ kind: 'connectionClosed', ...by(caller) });
        isOpen = false;
      },
    };
  }

  connectionRenewed(caller: Caller): void {
    this.#line({ kind: 'connectionRenewed', ...by(caller) });
  }

  connectionRefused({ transport, address, code, viewer }: Refusal): void {
    this.#refusal({
      kind: 'connectionRefused',
      ...from(transport, address),
      viewer: viewer && describeViewer(viewer),
      code,
    });
  }

  subscriptionBegun(
    caller: Caller,
    asked: AskedSubscription,
  ): (events: number, pictures: number) => void {
    const { deviceIds, filter, withImages, after } = asked;
    this.#subscriptions += 1;
    const subscription = this.#subscriptions;
    const document = digestOf(asked.document);
    this.#line({
      kind: 'subscriptionBegun',
      ...by(caller),
      subscription,
      document,
      deviceIds: listOrCount(deviceIds),
      filter: filter && describeFilter(filter),
      withImages,
      resumed: after === undefined ? undefined : true,
    });
    return (events, pictures) =>
      this.#line({
        kind: 'subscriptionEnded',
        ...by(caller),
        subscription,
        document,
        events,
        pictures: pictures > 0 ? pictures : undefined,
      });
  }

  historyQueried(caller: Caller, { document, filter, events }: ReadHistory): void {
    this.#line({
      kind: 'historyQueried',
      ...by(caller),
      document: digestOf(document),
      filter: describeFilter(filter),
      events,
    });
  }

  picturesQueried(caller: Caller, { document, pictures }: QueriedPictures): void {
    this.#line({
      kind: 'picturesQueried',
      ...by(caller),
      document: digestOf(document),
      pictures,
    });
  }

  alarmAnswered(caller: Caller, { alarm, action, isRepeated }: AnsweredAlarm): void {
    this.#line({ kind: 'alarmAnswered', ...by(caller), alarm, action, repeated: isRepeated });
  }

  exported(caller: Caller, { format, filter, events }: Export): void {
    this.#line({ kind: 'exported', ...by(caller), format, filter: describeFilter(filter), events });
  }

  pictureSeen({ address, key, permissionClass, viewer }: SeenPicture): void {
    // The key is the permission to see the picture.
    this.#line({
      kind: 'pictureSeen',
      ...from('http', address),
      permissionClass,
      viewer: viewer && describeViewer(viewer),
      picture: digestOf(key),
    });
  }

  erasureAsked(caller: Caller, target: ErasureTarget['kind']): void {
    this.#line({ kind: 'erasureAsked', ...by(caller), target });
  }

  erased({ events, pictures }: { readonly events: number; readonly pictures: number }): void {
    this.#line({ kind: 'erased', events, pictures });
  }

  erasureFailed(): void {
    this.#line({ kind: 'erasureFailed' });
  }

  reloaded(parts: readonly string[]): void {
    this.#line({ kind: 'reloaded', parts: listOrCount(parts) });
  }

  permissionRefused(
    caller: Omit<Caller, 'id'> & { readonly id?: string },
    code: GatewayErrorCode,
  ): void {
    this.#refusal({ kind: 'permissionRefused', ...by(caller), code });
  }

  /** Whoever is refused without end must not drive out the lines of others. */
  #refusal(line: Line): void {
    if (this.#refusals.take(line.kind) !== undefined) {
      this.#refusalsOmitted += 1;
      return;
    }
    this.#line({ ...line, omitted: this.#refusalsOmitted > 0 ? this.#refusalsOmitted : undefined });
    this.#refusalsOmitted = 0;
  }

  #line(line: Line): void {
    const at = this.#now();
    this.#write(JSON.stringify({ time: new Date(at).toISOString(), ...line }), at);
  }
}

const by = ({ id, viewer, address, transport }: Parameters<Audit['permissionRefused']>[0]) => ({
  connection: id,
  ...from(transport, address),
  viewer: describeViewer(viewer),
});

const from = (transport: Caller['transport'], address: string | undefined) => ({
  transport,
  address: address ?? null,
});
