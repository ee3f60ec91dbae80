import { expect, it } from 'vitest';
import type { RawData } from 'ws';
import { MessageTurns } from '../../src/transport/message-turns.ts';

class Source {
  readonly name: string;
  holds = 0;

  constructor(name: string) {
    this.name = name;
  }

  hold(): Disposable {
    this.holds += 1;
    return {
      [Symbol.dispose]: () => {
        this.holds -= 1;
      },
    };
  }
}

/** Each message takes 2 ms of the slice of 3, by a clock that moves only so. */
function turns() {
  const dealt: string[] = [];
  const clock = { now: 0 };
  const due: (() => void)[] = [];
  const messages = new MessageTurns<Source>(
    ({ name }, message: RawData) => {
      clock.now += 2;
      dealt.push(`${name}${(message as Buffer).toString()}`);
    },
    { now: () => clock.now, nextTurn: (goOn) => due.push(goOn) },
  );
  const take = (source: Source, ...texts: string[]) => {
    for (const text of texts) messages.take(source, Buffer.from(text));
  };
  return {
    messages,
    dealt,
    take,
    turn: () => {
      for (const goOn of due.splice(0)) goOn();
    },
  };
}

it('deals with a message in the turn in which it comes, as long as its slice lasts', () => {
  const { dealt, take } = turns();
  take(new Source('a'), '1');
  take(new Source('b'), '1');
  expect(dealt).toEqual(['a1', 'b1']);
});

it('lets sockets take turns, so that one that floods delays itself and not another', () => {
  const { dealt, take, turn } = turns();
  const [flood, honest] = [new Source('f'), new Source('h')];
  take(flood, '1', '2', '3', '4', '5', '6');
  take(honest, '1');
  expect(dealt).toEqual(['f1', 'f2']);
  turn();
  expect(dealt).toEqual(['f1', 'f2', 'f3', 'h1']);
  turn();
  turn();
  expect(dealt).toEqual(['f1', 'f2', 'f3', 'h1', 'f4', 'f5', 'f6']);
});

it('does not read a socket whose messages wait, until none does', () => {
  const { take, turn } = turns();
  const flood = new Source('f');
  take(flood, '1', '2', '3', '4');
  expect(flood.holds).toBe(1);
  turn();
  expect(flood.holds).toBe(0);
});

it('deals with nothing of a socket that is gone', () => {
  const { messages, dealt, take, turn } = turns();
  const flood = new Source('f');
  take(flood, '1', '2', '3', '4');
  messages.forget(flood);
  turn();
  expect(dealt).toEqual(['f1', 'f2']);
  expect(flood.holds).toBe(0);
});
