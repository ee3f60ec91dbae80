import type { InvalidConfiguration, ReceivedConfiguration } from './event-server.ts';
import type { SentEvent } from './recognition.ts';
import { Waiters } from './waiters.ts';

/** How many entries each list keeps, newest last. */
const MAX_ENTRIES = 10_000;

const append = <T>(list: T[], entry: T): void => {
  list.push(entry);
  if (list.length > MAX_ENTRIES) list.shift();
};

/** What has happened to a box, and who waits for more of it to happen. */
export class Ledger implements Disposable {
  readonly #configurations: ReceivedConfiguration[] = [];
  readonly #invalidConfigurations: InvalidConfiguration[] = [];
  readonly #sent: SentEvent[] = [];
  readonly #waiters: Waiters;
  #connectionsAccepted = 0;
  #deviceRequests = 0;
  #storedRequests = 0;
  #pictureRequests = 0;
  #recognitions = 0;

  /** `connections`: how many are open now. */
  constructor(connections: () => number) {
    this.#waiters = new Waiters(() => `${connections()} connections open, ${this.#describe()}`);
  }

  get configurations(): readonly ReceivedConfiguration[] {
    return this.#configurations;
  }

  get invalidConfigurations(): readonly InvalidConfiguration[] {
    return this.#invalidConfigurations;
  }

  get sent(): readonly SentEvent[] {
    return this.#sent;
  }

  get connectionsAccepted(): number {
    return this.#connectionsAccepted;
  }

  get deviceRequests(): number {
    return this.#deviceRequests;
  }

  get storedRequests(): number {
    return this.#storedRequests;
  }

  get pictureRequests(): number {
    return this.#pictureRequests;
  }

  get recognitions(): number {
    return this.#recognitions;
  }

  connected(): void {
    this.#connectionsAccepted += 1;
    this.#waiters.changed();
  }

  disconnected(): void {
    this.#waiters.changed();
  }

  configured(configuration: ReceivedConfiguration): void {
    append(this.#configurations, configuration);
    this.#waiters.changed();
  }

  misconfigured(configuration: InvalidConfiguration): void {
    append(this.#invalidConfigurations, configuration);
    this.#waiters.changed();
  }

  deviceRequested(): void {
    this.#deviceRequests += 1;
    this.#waiters.changed();
  }

  storedRequested(): void {
    this.#storedRequests += 1;
    this.#waiters.changed();
  }

  pictureRequested(): void {
    this.#pictureRequests += 1;
    this.#waiters.changed();
  }

  recognised(event: SentEvent): void {
    this.#recognitions += 1;
    append(this.#sent, event);
    this.#waiters.changed();
  }

  /** @throws {Error} that tells what has happened, when the signal aborts or the ledger is disposed first. */
  until(condition: () => boolean, signal: AbortSignal | undefined): Promise<void> {
    return this.#waiters.until(condition, signal);
  }

  [Symbol.dispose](): void {
    this.#waiters[Symbol.dispose]();
  }

  #describe(): string {
    const last = this.#configurations.at(-1);
    const asked =
      last === undefined
        ? ''
        : `, the last with need_face ${last.needFace}, need_register ${last.needRegister} and ${last.eventList.length} devices`;
    return (
      `${this.#connectionsAccepted} ever, ${this.#deviceRequests} device requests, ` +
      `${this.#storedRequests} requests for stored events, ${this.#pictureRequests} for pictures, ` +
      `${this.#recognitions} recognitions, ${this.#invalidConfigurations.length} invalid and ` +
      `${this.#configurations.length} valid configurations${asked}`
    );
  }
}
