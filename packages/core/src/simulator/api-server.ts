import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import type { JsonObject, JsonValue } from '../protocol/json.ts';
import type { Conditions, DeviceListFault } from './conditions.ts';
import { deviceRecord, type SimulatedDevice } from './devices.ts';

/** What the HTTP side knows of the box. */
export interface ApiBox {
  readonly devices: readonly SimulatedDevice[];
  readonly conditions: Readonly<Conditions>;
}

export interface ApiObserver {
  deviceRequested(): void;
}

interface Exchange {
  readonly box: ApiBox;
  readonly observer: ApiObserver;
  readonly response: ServerResponse;
}

type Route = (exchange: Exchange) => void;

const PADDING = Buffer.alloc(2 ** 20, 'x');
const PADDINGS = 64;

/** The same JSON object with a member of 64 MiB more. */
function* padded(value: JsonObject): Generator<string | Buffer> {
  yield `${JSON.stringify(value).slice(0, -1)},"padding":"`;
  for (let count = 0; count < PADDINGS; count += 1) yield PADDING;
  yield '"}';
}

const sendJson = (response: ServerResponse, status: number, body: JsonValue): void => {
  const bytes = Buffer.from(JSON.stringify(body));
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length })
    .end(bytes);
};

/** The vendor's error envelope [vendor]. */
const sendError = (
  response: ServerResponse,
  http: number,
  error: { readonly code: number; readonly message: string; readonly status: string },
): void => sendJson(response, http, { error });

const listDevices: Route = ({ box: { devices, conditions }, observer, response }) => {
  observer.deviceRequested();
  const list = { data: { devices_list: devices.map(deviceRecord) } };
  if (conditions.deviceList === undefined) sendJson(response, 200, list);
  else DEVICE_LIST_FAULTS[conditions.deviceList](response, list);
};

const DEVICE_LIST_FAULTS: Readonly<
  Record<DeviceListFault, (response: ServerResponse, list: JsonObject) => void>
> = {
  status: (response) => response.writeHead(500, { 'content-length': 0 }).end(),
  envelope: (response) =>
    sendError(response, 200, { code: 50072, message: 'list devices failed', status: 'FAILED' }),
  'not-json': (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please sign in</html>'),
  unanswered: () => undefined,
  huge: (response, list) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    // A client that has enough hangs up: that is no fault of the box.
    pipeline(Readable.from(padded(list)), response, () => undefined);
  },
};

const ROUTES: ReadonlyMap<string, Route> = new Map([
  ['GET /SophonDevice/api/Devices', listDevices],
]);

/** The HTTP side: the routes that the box has, the vendor's 404 for all others. */
export const answerApi = (
  box: ApiBox,
  observer: ApiObserver,
  request: IncomingMessage,
  response: ServerResponse,
): void => {
  const [path] = (request.url ?? '').split('?');
  const route = ROUTES.get(`${request.method} ${path}`);
  if (route !== undefined) route({ box, observer, response });
  else sendError(response, 404, { code: 40400, message: 'not found', status: 'NOT_FOUND' });
};
