import { EventEmitter, on } from 'node:events';

/** An event as the test gateway resolves it: whatever of it is asked. */
export type TestEvent = Readonly<Record<string, unknown>> & { readonly id: string };

/** What the test gateway remembers over a restart. A cursor is `c` and the number of events up to it. */
export class TestJournal {
  readonly #events: TestEvent[] = [];
  readonly #appended = new EventEmitter();

  get cursor(): string {
    return `c${this.#events.length}`;
  }

  /** @returns the event's cursor. */
  append(id: string, fields: Readonly<Record<string, unknown>> = {}): string {
    this.#events.push({ ...blankEvent, ...fields, id });
    this.#appended.emit('append');
    return this.cursor;
  }

  /** Every event behind the cursor, then those to come. Ends at once when it is told to return. */
  follow(after = this.cursor): AsyncIterableIterator<TestEvent> {
    let position = Number(after.slice(1));
    const appends = on(this.#appended, 'append');
    const end = async (): Promise<IteratorResult<TestEvent>> => {
      await appends.return?.();
      return { done: true, value: undefined };
    };
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: async () => {
        for (;;) {
          const event = this.#events[position];
          if (event !== undefined) {
            position += 1;
            return { done: false, value: { ...event, cursor: `c${position}` } };
          }
          if ((await appends.next()).done) return end();
        }
      },
      return: end,
    };
  }
}

const site = { id: 'hq', name: 'Headquarters', timezone: 'Asia/Shanghai' };
const box = { id: 'hq-lobby', name: 'Lobby' };

const blankEvent = {
  device: { id: 'hq-lobby/gate', deviceId: 'gate', name: 'Gate' },
  box,
  site,
  occurredAt: '2025-01-01T08:00:00.000Z',
  receivedAt: '2025-01-01T08:00:00.100Z',
  delivery: 'LIVE',
  replayed: false,
  personType: 'VISITOR',
  identityId: '12',
  identityName: 'Visitor 12',
  groupName: 'Visitors',
  identityInfo: {},
  score: 92,
  similarity: 0.92,
  deviceType: 'GATE',
  imagesOmitted: false,
  extra: {},
  gapsBefore: [],
};
