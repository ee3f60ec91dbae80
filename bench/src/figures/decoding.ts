import { decode, dialectNamed } from '@se5/core';
import { PreparedEvent } from '../load/prepared-event.ts';
import type { Measurement } from '../report/measurement.ts';
import type { Bench, Figure } from './figure.ts';
import { atLeast, summarise, takeTurns } from './rounds.ts';

const dialect = dialectNamed('v5');

/** How a message is read, and how many of them are read in a turn. */
const PARSERS = {
  gateway: { messages: 4_000, read: (message: Buffer) => decode(message, dialect).ok },
  bare: { messages: 400, read: (message: Buffer) => JSON.parse(message.toString()) !== null },
};

export const decoding: Figure = {
  name: 'decoding',
  title: 'Decoding messages with pictures, in this process and without sockets',
  measure: async (bench) => [
    ...(await measureNamed(bench, 'names in ASCII', 'Visitor 12')),
    // One such letter, and the message takes twice the memory as a string of V8.
    ...(await measureNamed(bench, 'names in Chinese', '访客 12')),
  ],
};

async function measureNamed(bench: Bench, kind: string, name: string): Promise<Measurement[]> {
  // Several, because one that is read again and again stays in the caches.
  const messages = Array.from({ length: 8 }, (_, index) =>
    new PreparedEvent(60_000, name).message(index, Date.now(), true),
  );
  const microsOf = (parser: keyof typeof PARSERS) => {
    const { read, ...full } = PARSERS[parser];
    const count = bench.plan.scaled(full.messages);
    const before = process.cpuUsage();
    for (let index = 0; index < count; index += 1) {
      const message = messages[index % messages.length];
      if (!message || !read(message)) throw new Error(`${parser} could not read a message`);
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  };
  const parsers = ['gateway', 'bare'] as const;
  const rounds = await takeTurns(bench, `decoding, ${kind}`, parsers, async (parser) => {
    // The first time only makes the code hot.
    microsOf(parser);
    return microsOf(parser);
  });
  return summarise(decoding.name, rounds, [
    {
      scenario: `three pictures of 60 KB, ${kind}; bare: JSON.parse`,
      unit: 'µs CPU an event',
      of: (micros) => micros,
      rule: {
        what: 'times as fast as JSON.parse',
        of: (gateway, bare) => bare / gateway,
        target: atLeast(10),
      },
    },
  ]);
}
