import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Direction } from '../plan/fault.ts';

/** How what flows in one direction flows. */
type Flow = 'free' | 'held' | { readonly bytesPerSecond: number };

/** Through a slow stretch so many bytes go at a time, so that small messages are not late by much. */
const SLOW_CHUNK = 4_096;

/** One direction of one connection. */
class Way {
  readonly #from: Socket;
  readonly #to: Socket;
  #flow: Flow = 'free';
  #waiting: Buffer[] = [];
  #isPassing = false;
  #isEnded = false;

  constructor(from: Socket, to: Socket) {
    this.#from = from;
    this.#to = to;
    from.on('data', (chunk: Buffer) => {
      this.#waiting.push(chunk);
      from.pause();
      void this.#pass();
    });
    from.on('end', () => {
      this.#isEnded = true;
      void this.#pass();
    });
  }

  set flow(flow: Flow) {
    this.#flow = flow;
    if (flow === 'held') this.#from.pause();
    else void this.#pass();
  }

  async #pass(): Promise<void> {
    if (this.#isPassing) return;
    this.#isPassing = true;
    for (;;) {
      const flow = this.#flow;
      const chunk = this.#waiting.shift();
      if (flow === 'held' || this.#to.destroyed) {
        if (chunk) this.#waiting.unshift(chunk);
        break;
      }
      if (chunk === undefined) {
        if (this.#isEnded) this.#to.end();
        else this.#from.resume();
        break;
      }
      await this.#write(chunk, flow);
    }
    this.#isPassing = false;
  }

  async #write(chunk: Buffer, flow: Exclude<Flow, 'held'>): Promise<void> {
    const now = flow === 'free' ? chunk : chunk.subarray(0, SLOW_CHUNK);
    if (now.length < chunk.length) this.#waiting.unshift(chunk.subarray(now.length));
    const isTaken = this.#to.write(now);
    if (flow !== 'free') await sleep((1_000 * now.length) / flow.bytesPerSecond);
    if (isTaken || this.#to.destroyed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    // A socket that was destroyed drains no more.
    this.#to.once('drain', resolve).once('close', resolve);
    await promise;
    this.#to.off('drain', resolve).off('close', resolve);
  }
}

interface Connection {
  readonly sockets: readonly [asker: Socket, answerer: Socket];
  readonly requests: Way;
  readonly answers: Way;
  isHalfOpen: boolean;
}

/**
 * A stretch of network in front of one server, on one address wherever that server is. It passes on
 * at once: where it waited for acknowledgements, each picture would take 40 ms.
 */
export class TcpProxy implements AsyncDisposable {
  readonly #server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
    this.#forward(socket),
  );
  readonly #connections = new Set<Connection>();
  readonly #target: () => number | undefined;
  #answersFlow: Flow = 'free';
  /** How many hold everything. */
  #stalls = 0;
  /** How many turn everybody away. */
  #refusals = 0;

  /** @param target port on loopback; undefined: nobody is there. */
  private constructor(target: () => number | undefined) {
    this.#target = target;
  }

  static async start(target: () => number | undefined): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    // A server that listens on TCP has no other kind of address.
    return (this.#server.address() as AddressInfo).port;
  }

  /** RST on every connection. */
  cut(): void {
    for (const connection of this.#connections) this.#reset(connection);
  }

  /** Connections that are open now bring nothing more, in this direction. @returns resets them. */
  halfOpen(direction: Direction): () => void {
    const dead = [...this.#connections];
    for (const connection of dead) {
      connection.isHalfOpen = true;
      if (direction !== 'answers') connection.requests.flow = 'held';
      if (direction !== 'requests') connection.answers.flow = 'held';
    }
    return () => {
      for (const connection of dead) this.#reset(connection);
    };
  }

  /** Nothing comes through, on connections to come too. @returns lets everything through again. */
  stall(): () => void {
    this.#stalls += 1;
    for (const connection of this.#connections) this.#letFlow(connection);
    return () => {
      this.#stalls -= 1;
      for (const connection of this.#connections) this.#letFlow(connection);
    };
  }

  /** RST on every connection, and on those to come. @returns lets everybody through again. */
  refuse(): () => void {
    this.#refusals += 1;
    this.cut();
    return () => {
      this.#refusals -= 1;
    };
  }

  /** Answers come at this pace, on connections to come too. Undefined: as fast as can be. */
  slow(bytesPerSecond: number | undefined): void {
    this.#answersFlow = bytesPerSecond === undefined ? 'free' : { bytesPerSecond };
    for (const connection of this.#connections) this.#letFlow(connection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }

  #forward(asker: Socket): void {
    const port = this.#refusals > 0 ? undefined : this.#target();
    if (port === undefined) {
      asker.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const answerer = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const connection: Connection = {
      sockets: [asker, answerer],
      requests: new Way(asker, answerer),
      answers: new Way(answerer, asker),
      isHalfOpen: false,
    };
    this.#letFlow(connection);
    this.#connections.add(connection);
    for (const socket of connection.sockets) {
      socket.setNoDelay(true);
      // What went wrong on one side is told to the other by `close`.
      socket.on('error', () => undefined);
      socket.on('close', (hadError) => {
        if (connection.isHalfOpen) return;
        if (hadError || connection.sockets.every(({ destroyed }) => destroyed)) {
          this.#reset(connection);
        }
      });
    }
  }

  #letFlow({ requests, answers, isHalfOpen }: Connection): void {
    if (isHalfOpen) return;
    requests.flow = this.#stalls > 0 ? 'held' : 'free';
    answers.flow = this.#stalls > 0 ? 'held' : this.#answersFlow;
  }

  #reset(connection: Connection): void {
    this.#connections.delete(connection);
    for (const socket of connection.sockets) {
      if (!socket.destroyed) socket.resetAndDestroy();
    }
  }
}
