import type { Connection } from './connection.ts';
import { resumeTraits } from './document.ts';
import { type ClientError, gatewayError } from './errors.ts';
import { type ExecutionResult, fieldsOf } from './execution-result.ts';
import { CursorDocument } from './generated/operations.ts';
import { readEvent, withGaps } from './journal-event.ts';
import { ResumePoint } from './resume-point.ts';
import type { Sink, Source } from './stream.ts';
import type { GraphQLRequest } from './wire.ts';

/** What a subscription needs of the one who keeps the connection. */
export interface SubscriptionHost {
  /** Calls `begin` as soon as there is a connection. */
  attach(subscription: Subscription): void;
  detach(subscription: Subscription): void;
  /** The gateway is going away: the connection is of no more use. */
  lost(error: ClientError): void;
  /** About `subject`, once. */
  warnOnce(subject: string, message: string): void;
}

/**
 * One subscription over as many connections as it takes. A subscription that can be resumed
 * always begins behind a definite cursor (the caller's, the one that came with the connection,
 * or else one that it asks for), so that no moment is between two connections unseen.
 */
export class Subscription implements Source {
  /** Whether it has a position in the journal, and so a part in the cursors of the gateway's pings. */
  readonly followsJournal: boolean;
  readonly #host: SubscriptionHost;
  readonly #request: GraphQLRequest;
  readonly #sink: Sink<object>;
  #resume: ResumePoint | undefined;
  /** Of events that were dropped because they had come before: the next event says them. */
  #unsaidGaps: readonly unknown[] = [];
  #begun = false;
  #paused = false;
  #stop: (() => void) | undefined;

  constructor(host: SubscriptionHost, request: GraphQLRequest, sink: Sink<object>) {
    const { followsJournal, takesAfter } = resumeTraits(request.query);
    const { after } = request.variables;
    this.followsJournal = followsJournal;
    this.#host = host;
    this.#request = request;
    this.#sink = sink;
    if (!followsJournal) return;
    if (takesAfter) this.#resume = new ResumePoint(typeof after === 'string' ? after : undefined);
    else
      this.#cannotResume('it does not declare "$after: String" and hand it on as "after: $after"');
  }

  /** Whether it takes part in the connection now. */
  get running(): boolean {
    return this.#stop !== undefined;
  }

  /** @param fresh the connection was acknowledged just now, so its cursor is of now too. */
  begin(connection: Connection, fresh: boolean): void {
    if (this.running || this.#paused) return;
    if (this.#resume === undefined || this.#resume.after !== undefined) {
      this.#start(connection);
    } else if (fresh) {
      if (connection.cursor !== undefined) this.#resume.moveTo(connection.cursor);
      this.#start(connection);
    } else {
      this.#startFromNow(connection, this.#resume);
    }
  }

  /** The connection is gone. */
  interrupted(): void {
    this.#stop = undefined;
  }

  /** Everything up to the cursor has been sent to this subscription, and to no other. */
  covered(cursor: string): void {
    this.#resume?.moveTo(cursor);
  }

  fail(error: ClientError): void {
    this.close();
    this.#sink.error(error);
  }

  complete(): void {
    this.close();
    this.#sink.complete();
  }

  /** Leaves the gateway until `resume`, which goes on where this was. */
  pause(): void {
    this.#paused = true;
    this.#leave();
  }

  resume(): void {
    this.#paused = false;
    this.#host.attach(this);
  }

  close(): void {
    this.#leave();
    this.#host.detach(this);
  }

  #leave(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #startFromNow(connection: Connection, resume: ResumePoint): void {
    this.#stop = connection.start(
      { query: CursorDocument, variables: {} },
      {
        next: ({ data }) => {
          const { cursor } = fieldsOf(data);
          if (typeof cursor === 'string') resume.moveTo(cursor);
        },
        error: (error) => this.#refused(error),
        complete: () => this.#start(connection),
      },
    );
  }

  #start(connection: Connection): void {
    this.#stop = connection.start(
      { query: this.#request.query, variables: this.#variables() },
      {
        next: (result, size) => this.#receive(result, size),
        error: (error) => this.#refused(error),
        complete: () => {
          this.#stop = undefined;
          this.complete();
        },
      },
    );
    this.#begun = true;
  }

  #variables(): GraphQLRequest['variables'] {
    const { variables } = this.#request;
    if (this.#resume !== undefined) return { ...variables, after: this.#resume.after };
    // Without a way to tell what has come, the start that the caller named counts once.
    return this.#begun ? { ...variables, after: undefined } : variables;
  }

  #refused(error: ClientError): void {
    this.#stop = undefined;
    if (error.retryable) this.#host.lost(error);
    else this.fail(error);
  }

  #receive({ data, errors }: ExecutionResult, size: number): void {
    if (data === null) {
      this.#leave();
      this.#refused(gatewayError(errors));
      return;
    }
    for (const { code = 'an error', path } of errors) {
      this.#host.warnOnce(
        `${this.#request.query} ${path.join('.')} ${code}`,
        `The gateway could not fill in "${path.join('.')}" of an event: ${code}.`,
      );
    }
    const news = this.#resume === undefined ? data : this.#unseen(data, this.#resume);
    if (news !== undefined) this.#sink.next(news, size);
  }

  /** Undefined for an event that has come before. */
  #unseen(data: object, resume: ResumePoint): object | undefined {
    const event = readEvent(data);
    if (event === undefined) {
      this.#cannotResume(
        'an event comes without "recognitionEvents { id cursor }", or an alarm without "alarms { id cursor }"',
      );
      return data;
    }
    const gaps = [...this.#unsaidGaps, ...event.gapsBefore];
    if (!resume.accept(event)) {
      this.#unsaidGaps = gaps;
      return undefined;
    }
    if (this.#unsaidGaps.length === 0) return data;
    this.#unsaidGaps = [];
    return withGaps(data, gaps);
  }

  #cannotResume(why: string): void {
    this.#resume = undefined;
    this.#host.warnOnce(
      this.#request.query,
      `A subscription can't be resumed when its connection is lost, and will miss what happens meanwhile: ${why}. ` +
        'To resume, a subscription declares $after, and selects id and cursor of recognitionEvents or alarms, without an alias.',
    );
  }
}
