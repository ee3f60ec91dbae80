import { stringify } from 'csv-stringify/sync';
import type { ExportedEvent } from './event-pages.ts';

/** How a download is written. */
export interface ExportFormat {
  readonly contentType: string;
  /** What is before the first event. */
  readonly head: string;
  readonly lines: (events: readonly ExportedEvent[]) => string;
}

/** By which a spreadsheet takes a text for a formula. */
const CSV_OPTIONS = { record_delimiter: '\r\n', escape_formulas: true } as const;

const COLUMNS: Readonly<Record<string, (event: ExportedEvent) => string | number | null>> = {
  id: ({ id }) => id,
  cursor: ({ cursor }) => cursor,
  occurredAt: ({ occurredAt }) => occurredAt,
  receivedAt: ({ receivedAt }) => receivedAt,
  delivery: ({ delivery }) => delivery,
  siteId: ({ site }) => site.id,
  siteName: ({ site }) => site.name,
  boxId: ({ box }) => box.id,
  boxName: ({ box }) => box.name,
  deviceId: ({ device }) => device.id,
  deviceName: ({ device }) => device.name,
  deviceType: ({ deviceType }) => deviceType,
  deviceIp: ({ deviceIp }) => deviceIp,
  personType: ({ personType }) => personType,
  identityId: ({ identityId }) => identityId,
  identityName: ({ identityName }) => identityName,
  groupName: ({ groupName }) => groupName,
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
