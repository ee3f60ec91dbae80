import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deviceIds, type PoolOptions, type PreparedEvent, preparePool } from './event-pool.ts';
import { LeanBox } from './lean-box.ts';

export interface BoxGroupOptions extends PoolOptions {
  readonly boxes: number;
}

/** The boxes of one server: all alike, with the same devices and one HTTP port for all. */
export class BoxGroup implements AsyncDisposable {
  readonly boxes: readonly LeanBox[];
  readonly events: readonly PreparedEvent[];
  readonly apiPort: number;
  /** Of the next event: it goes on from audience to audience, so that no event is sent twice. */
  sequence = 0;
  readonly #owned: AsyncDisposableStack;

  static async listen(options: BoxGroupOptions): Promise<BoxGroup> {
    await using owned = new AsyncDisposableStack();
    const devices = deviceIds(options.devices);
    const api = createServer((request, response) => {
      const isDeviceList = request.url?.startsWith('/SophonDevice/api/Devices');
      response
        .writeHead(isDeviceList ? 200 : 404, { 'content-type': 'application/json' })
        .end(JSON.stringify(isDeviceList ? deviceList(devices) : NOT_FOUND));
    });
    owned.defer(async () => {
      const closed = once(api, 'close');
      api.close();
      api.closeAllConnections();
      await closed;
    });
    api.listen(0, '127.0.0.1');
    await once(api, 'listening');

    const boxes: LeanBox[] = [];
    for (let count = 0; count < options.boxes; count += 1) {
      boxes.push(owned.use(await LeanBox.listen(devices)));
    }
    const { port } = api.address() as AddressInfo;
    return new BoxGroup(boxes, preparePool(options), port, owned.move());
  }

  private constructor(
    boxes: readonly LeanBox[],
    events: readonly PreparedEvent[],
    apiPort: number,
    owned: AsyncDisposableStack,
  ) {
    this.boxes = boxes;
    this.events = events;
    this.apiPort = apiPort;
    this.#owned = owned;
  }

  /** Settles when every box has been asked for all events, with all pictures or with none. */
  async configured(pictures: boolean): Promise<void> {
    await Promise.all(this.boxes.map((box) => box.configured(pictures)));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }
}

const deviceList = (devices: readonly string[]) => ({
  data: {
    devices_list: devices.map((deviceId) => ({
      device_id: deviceId,
      device_name: `Gate ${deviceId}`,
      device_ip: '192.168.1.64',
      device_type: 'photo',
    })),
  },
});

/** The vendor's [vendor]. */
const NOT_FOUND = { error: { code: 40_400, message: 'not found', status: 'NOT_FOUND' } };
