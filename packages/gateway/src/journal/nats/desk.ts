import { GatewayError } from '../../errors.ts';
import type { Keyring, SealedBy } from '../../privacy/keyring.ts';
import type { AlarmId } from '../alarm/alarm.ts';
import { type AlarmAct, refusalError } from '../alarm/alarm-act.ts';
import type { AppendedRecord } from '../journal.ts';
import type { Log } from './log.ts';
import { encodeAct } from './log-message.ts';

/** Acts of this gateway that may be under way to the log and back. */
const MAX_WAITING = 1_000;

/** How long an act may take until it is back and judged, in ms; then its viewer may try again. */
const ANSWER_MS = 5_000;

export interface DeskOptions {
  readonly log: Pick<Log, 'act'>;
  /** The name of this gateway, and what names this process. */
  readonly gateway: string;
  readonly process: string;
  readonly keyring: Keyring;
  /** Names the keys of an alarm in the file of this gateway. */
  readonly sealedBy: (alarm: AlarmId) => Promise<SealedBy | undefined>;
}

/**
 * Writes what people do to alarms into the log. Any gateway may: the order of the log decides, and
 * each gateway judges what comes back from there. An act that is written twice is applied once.
 */
export class Desk {
  readonly #options: DeskOptions;
  /** By the number of the message. */
  readonly #waiting = new Map<number, PromiseWithResolvers<AppendedRecord>>();
  #number = 0;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the act came back and was applied.
   *
   * @throws {GatewayError} as `Journal.append`; OVERLOADED when nothing came back in time: the same
   *   act may be tried again, whether or not it is in the log.
   */
  async append(act: AlarmAct): Promise<AppendedRecord> {
    const { gateway, process, keyring, log, sealedBy } = this.#options;
    const keys = await sealedBy(act.alarm);
    if (this.#waiting.size >= MAX_WAITING) throw overloaded();
    this.#number += 1;
    const number = this.#number;
    keyring.refresh();
    const message = keys && encodeAct({ gateway, process, number }, act, keys, keyring);
    if (!message) throw refusalError('ALARM_NOT_FOUND');
    const waiting = Promise.withResolvers<AppendedRecord>();
    this.#waiting.set(number, waiting);
    const timer = setTimeout(() => waiting.reject(overloaded()), ANSWER_MS);
    log.act(message).catch((error: unknown) => waiting.reject(overloaded(error)));
    try {
      return await waiting.promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(number);
    }
  }

  /**
   * An act of this process came back from the log.
   *
   * @param found What became of it; undefined when its alarm was erased meanwhile.
   */
  arrived(number: number, found: AppendedRecord | Error = refusalError('ALARM_NOT_FOUND')): void {
    const waiting = this.#waiting.get(number);
    if (found instanceof Error) waiting?.reject(found);
    else waiting?.resolve(found);
  }

  /** Nothing comes back any more. */
  end(): void {
    const error = new GatewayError('SHUTTING_DOWN', 'the journal has been closed');
    for (const { reject } of this.#waiting.values()) reject(error);
  }
}

const overloaded = (cause?: unknown): GatewayError =>
  new GatewayError(
    'OVERLOADED',
    'the log of the gateways did not take the act in time: try the same again in a moment',
    { cause },
  );
