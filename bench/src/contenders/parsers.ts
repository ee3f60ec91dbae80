import { decode, dialectNamed } from '@se5/core';
import { preparePool } from '../load/event-pool.ts';
import { answerParent } from '../process/answer.ts';

const dialect = dialectNamed('v5');

/** What a parser is given, and how it reads it. */
const parsers = {
  decode: (message: Buffer) => decode(message, dialect).ok,
  json: (message: Buffer) => JSON.parse(message.toString()) !== null,
};

let messages: readonly Buffer[] = [];

const methods = {
  /** Messages of a box as they come from its socket. @returns the size of one, in bytes. */
  prepare(options: { pictureBytes: number; name: string }): number {
    messages = preparePool({ devices: 8, ...options }).map((event, index) =>
      event.frame(index, Date.now(), true).subarray(FRAME_HEADER_BYTES),
    );
    return messages[0]?.length ?? 0;
  },

  /** @returns µs of CPU time for one message. */
  time({ parser, count }: { parser: keyof typeof parsers; count: number }): number {
    const parse = parsers[parser];
    const before = process.cpuUsage();
    for (let index = 0; index < count; index += 1) {
      const message = messages[index % messages.length];
      if (!message || !parse(message)) throw new Error(`${parser} could not read a message`);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  },
};

/** Of a message above 64 KiB. */
const FRAME_HEADER_BYTES = 10;

export type ParserMethods = typeof methods;

answerParent(methods);
