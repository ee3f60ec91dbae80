import { EventEmitter, once } from 'node:events';
import { type Client, createClient } from '@se5/client';
import type { Interest } from '../clients/interest.ts';
import { type Received, toReceived } from '../clients/received.ts';
import type { ClientRecord } from '../clients/subscriber.ts';
import { pause } from './at-rate.ts';
import type { Timing } from './verdict/latency.ts';

const EVERY_MS = 100;

const PER_PAGE = 200;

/**
 * An honest client that asks for the history again and again, each time behind what it has. What
 * could not be had is asked for again, and is told.
 */
export class HistoryReader implements AsyncDisposable {
  readonly record: ClientRecord & { received: Received[] };
  /** How long each answer took, or until there was none. */
  readonly answers: Timing[] = [];
  /** Why there was none. */
  readonly failures: string[] = [];
  readonly #client: Client;
  readonly #over = new AbortController();
  readonly #changes = new EventEmitter();
  readonly #reading: Promise<void>;
  #after: string;

  constructor(interest: Interest, after: string, gateway: { url: string; token: string }) {
    this.record = {
      name: `history of ${interest.title}`,
      interest,
      received: [],
      ended: undefined,
    };
    this.#client = createClient(gateway);
    this.#after = after;
    this.#reading = this.#read();
  }

  /** Settles when it holds; asked again with each page. @throws when the signal aborts first. */
  async until(holds: (record: ClientRecord) => boolean, signal: AbortSignal): Promise<void> {
    while (!holds(this.record)) await once(this.#changes, 'page', { signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#reading;
    await this.#client.dispose();
  }

  async #read(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      try {
        await this.#page();
      } catch (error) {
        if (!signal.aborted) this.failures.push(String(error));
      }
      this.#changes.emit('page');
      await pause(EVERY_MS, signal);
    }
  }

  async #page(): Promise<void> {
    const at = Date.now();
    const { filter } = this.record.interest.wish;
    const asked = this.#client.history({ filter, first: PER_PAGE, after: this.#after });
    const { events } = await asked.finally(() => this.answers.push({ at, ms: Date.now() - at }));
    this.record.received.push(...events.map(toReceived));
    this.#after = events.at(-1)?.cursor ?? this.#after;
  }
}
