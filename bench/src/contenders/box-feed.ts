import { once } from 'node:events';
import { WebSocket } from 'ws';
import { DEVICE } from '../load/prepared-event.ts';
import type { ContenderOptions } from './contender.ts';

/** Listens to all boxes as a plain client does; there is no link to look after. */
export async function listenToBoxes(
  { boxes, pictures }: ContenderOptions,
  received: (message: Buffer, box: number) => void,
): Promise<void> {
  const configuration = JSON.stringify({
    need_face: pictures,
    need_register: pictures,
    event_list: [DEVICE],
  });
  await Promise.all(
    boxes.map(async ({ eventPort }, box) => {
      const socket = new WebSocket(`ws://127.0.0.1:${eventPort}`);
      socket.on('message', (data) => {
        if (Buffer.isBuffer(data)) received(data, box);
      });
      await once(socket, 'open');
      socket.send(configuration);
    }),
  );
}
