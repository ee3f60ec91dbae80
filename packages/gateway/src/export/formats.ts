import { stringify } from 'csv-stringify/sync';
import type { ExportedEvent } from './event-pages.ts';

/** How a download is written. */
export interface ExportFormat {
  readonly contentType: string;
  /** What is before the first event. */
  readonly head: string;
  readonly lines: (events: readonly ExportedEvent[]) => string;
}

const CSV_OPTIONS = { record_delimiter: '\r\n' } as const;

/** By what a spreadsheet takes a text for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** A text that a box or a person wrote; ids stay as they are. */
const free = (text: string | null): string | null =>
  text !== null && FORMULA.test(text) ? `'${text}` : text;

const COLUMNS: Readonly<Record<string, (event: ExportedEvent) => string | number | null>> = {
  id: ({ id }) => id,
  cursor: ({ cursor }) => cursor,
  occurredAt: ({ occurredAt }) => occurredAt,
  receivedAt: ({ receivedAt }) => receivedAt,
  delivery: ({ delivery }) => delivery,
  siteId: ({ site }) => site.id,
  siteName: ({ site }) => free(site.name),
  boxId: ({ box }) => box.id,
  boxName: ({ box }) => free(box.name),
  deviceId: ({ device }) => device.id,
  deviceName: ({ device }) => free(device.name),
  deviceType: ({ deviceType }) => deviceType,
  deviceIp: ({ deviceIp }) => free(deviceIp),
  personType: ({ personType }) => personType,
  identityId: ({ identityId }) => free(identityId),
  identityName: ({ identityName }) => free(identityName),
  groupName: ({ groupName }) => free(groupName),
  similarity: ({ similarity }) => similarity,
  score: ({ score }) => score,
  faceImage: ({ faceImage }) => faceImage?.url ?? null,
  sceneImage: ({ sceneImage }) => sceneImage?.url ?? null,
  registeredImage: ({ registeredImage }) => registeredImage?.url ?? null,
  identityInfo: ({ identityInfo }) => JSON.stringify(identityInfo),
  extra: ({ extra }) => JSON.stringify(extra),
};

/** By what the path ends with. */
export const FORMATS: Readonly<Record<string, ExportFormat>> = {
  ndjson: {
    contentType: 'application/x-ndjson; charset=utf-8',
    head: '',
    lines: (events) => events.map((event) => `${JSON.stringify(event)}\n`).join(''),
  },
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: stringify([Object.keys(COLUMNS)], CSV_OPTIONS),
    lines: (events) => {
      const cells = Object.values(COLUMNS);
      return stringify(
        events.map((event) => cells.map((cell) => cell(event))),
        CSV_OPTIONS,
      );
    },
  },
};
