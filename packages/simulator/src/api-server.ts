import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, BAD_QUERY, jsonAnswer, NOT_FOUND, sendAnswer } from './answer.ts';
import type { Archive } from './archive.ts';
import type { AnswerFault, Conditions } from './conditions.ts';
import { deviceRecord, type SimulatedDevice } from './devices.ts';

/** What the HTTP side knows of the box. */
export interface ApiBox {
  readonly devices: readonly SimulatedDevice[];
  readonly archive: Archive;
  readonly conditions: Readonly<Conditions>;
}

export interface ApiObserver {
  deviceRequested(): void;
  storedRequested(): void;
  pictureRequested(): void;
}

interface Request {
  readonly box: ApiBox;
  readonly query: URLSearchParams;
  /** What the route's path leaves open. */
  readonly id: string;
}

interface Route {
  readonly path: RegExp;
  readonly requested: (observer: ApiObserver) => void;
  readonly fault: (conditions: Readonly<Conditions>) => AnswerFault | undefined;
  readonly answer: (request: Request) => Answer;
}

const picture = (base64: string | undefined): Answer =>
  base64 === undefined || base64 === ''
    ? NOT_FOUND
    : { status: 200, contentType: 'image/jpeg', body: Buffer.from(base64, 'base64') };

/** All are asked for with GET. The first is [seed], the others are [vendor]. */
const ROUTES: readonly Route[] = [
  {
    path: /^\/SophonDevice\/api\/Devices$/,
    requested: (observer) => observer.deviceRequested(),
    fault: ({ deviceList }) => deviceList,
    answer: ({ box }) => jsonAnswer({ data: { devices_list: box.devices.map(deviceRecord) } }),
  },
  {
    path: /^\/SophonFace\/api\/events$/,
    requested: (observer) => observer.storedRequested(),
    fault: ({ storedEvents }) => storedEvents,
    answer: ({ box: { archive, devices }, query }) => {
      const kindOf = (id: string) => devices.find(({ deviceId }) => deviceId === id)?.kind;
      const page = archive.page(query, kindOf);
      return page === undefined ? BAD_QUERY : jsonAnswer(page);
    },
  },
  {
    path: /^\/SophonFace\/api\/event_images\/([^/]+)$/,
    requested: (observer) => observer.pictureRequested(),
    fault: ({ pictures }) => pictures,
    answer: ({ box, query, id }) => picture(box.archive.eventPicture(id, query.get('datetime'))),
  },
  {
    path: /^\/SophonFace\/api\/images\/([^/]+)$/,
    requested: (observer) => observer.pictureRequested(),
    fault: ({ pictures }) => pictures,
    answer: ({ box, id }) => picture(box.archive.enrolledPicture(id)),
  },
];

/** The HTTP side: the routes that the box has, the vendor's 404 for all others. */
export const answerApi = (
  box: ApiBox,
  observer: ApiObserver,
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
): void => {
  const [path = '', query] = url.split('?', 2);
  for (const route of method === 'GET' ? ROUTES : []) {
    const match = route.path.exec(path);
    if (match === null) continue;
    route.requested(observer);
    const answer = route.answer({ box, query: new URLSearchParams(query), id: match[1] ?? '' });
    sendAnswer(response, answer, route.fault(box.conditions));
    return;
  }
  sendAnswer(response, NOT_FOUND, undefined);
};
