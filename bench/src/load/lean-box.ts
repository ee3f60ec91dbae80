import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { textOf } from '../text-of.ts';

const configurationSchema = z.object({
  need_face: z.boolean().default(false),
  need_register: z.boolean().default(false),
  event_list: z.array(z.string()).default([]),
});

/** Longer than a gateway takes to find a box, on a busy machine too, in ms. */
const CONFIGURED_MS = 30_000;

/** The one client of a box, and what it asked for last. */
interface Link {
  readonly socket: WebSocket;
  readonly stream: Duplex;
  configuration: z.infer<typeof configurationSchema> | undefined;
}

/**
 * The event port of a box, for measuring: it speaks the protocol as the simulator does, and
 * writes frames that were prepared beforehand, several at once if that is wanted.
 */
export class LeanBox implements AsyncDisposable {
  readonly #devices: readonly string[];
  readonly #server = createServer();
  readonly #webSockets = new WebSocketServer({ noServer: true });
  readonly #waiting = new Set<() => void>();
  #link: Link | undefined;

  static async listen(devices: readonly string[]): Promise<LeanBox> {
    const box = new LeanBox(devices);
    box.#server.listen(0, '127.0.0.1');
    await once(box.#server, 'listening');
    return box;
  }

  private constructor(devices: readonly string[]) {
    this.#devices = devices;
    this.#server.on('upgrade', (request, stream, head) => this.#accept(request, stream, head));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Whether its client wants pictures with the events. */
  get sendsPictures(): boolean {
    return this.#link?.configuration?.need_face ?? false;
  }

  /** Settles when the client wants all devices, and either all pictures or none. */
  async configured(pictures: boolean): Promise<void> {
    if (this.#isConfigured(pictures)) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = () => {
      if (this.#isConfigured(pictures)) resolve();
    };
    const impatience = setTimeout(
      () => reject(new Error(`a box was not asked for events within ${CONFIGURED_MS} ms`)),
      CONFIGURED_MS,
    );
    this.#waiting.add(check);
    try {
      await promise;
    } finally {
      clearTimeout(impatience);
      this.#waiting.delete(check);
    }
  }

  /** Writes whole frames at once. @returns false when it is better to wait for `drained`. */
  write(frames: Buffer): boolean {
    if (!this.#link) throw new Error('a box has lost its client');
    return this.#link.stream.write(frames);
  }

  async drained(): Promise<void> {
    const stream = this.#link?.stream;
    if (stream?.writableNeedDrain) await once(stream, 'drain');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#link?.socket.terminate();
    await closed;
  }

  #accept(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    this.#webSockets.handleUpgrade(request, stream, head, (socket) => {
      const link: Link = { socket, stream, configuration: undefined };
      this.#link = link;
      socket
        .on('message', (data) => {
          link.configuration = configurationSchema.parse(JSON.parse(textOf(data)));
          for (const check of this.#waiting) check();
        })
        // What ends a link is seen by whoever writes next.
        .on('error', () => undefined)
        .on('close', () => {
          if (this.#link === link) this.#link = undefined;
        });
    });
  }

  #isConfigured(pictures: boolean): boolean {
    const configuration = this.#link?.configuration;
    if (!configuration) return false;
    const { need_face: face, need_register: registered, event_list: wanted } = configuration;
    return (
      face === pictures &&
      registered === pictures &&
      this.#devices.every((device) => wanted.includes(device))
    );
  }
}
