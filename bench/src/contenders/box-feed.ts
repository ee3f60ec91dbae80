import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { StartOptions } from './contender.ts';

/** Listens to all boxes as a plain client does; there is no link to look after. */
export async function listenToBoxes(
  { eventPorts, devices, pictures }: StartOptions,
  received: (message: Buffer, box: number) => void,
): Promise<void> {
  const configuration = JSON.stringify({
    need_face: pictures,
    need_register: pictures,
    event_list: devices,
  });
  await Promise.all(
    eventPorts.map(async (port, box) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`);
      socket.on('message', (data) => {
        if (Buffer.isBuffer(data)) received(data, box);
      });
      await once(socket, 'open');
      socket.send(configuration);
    }),
  );
}
