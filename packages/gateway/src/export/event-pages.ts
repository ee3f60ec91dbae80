import { type GraphQLError, parse } from 'graphql';
import { z } from 'zod';
import type { Connection } from '../graphql/connection-cursor.ts';
import type { GraphQLPipeline } from '../graphql/pipeline.ts';
import type { GraphQLContext } from '../schema/context.ts';
import type { ExportRequest } from './export-request.ts';

/** Events of a page. */
const PAGE = 200;

const picture = (name: string): string => `${name} { url contentType byteLength }`;

/** What a line of a download holds. */
const DOCUMENT =
  parse(`query Export($filter: RecognitionEventFilter, $first: Int!, $after: String) {
  recognitionEvents(filter: $filter, first: $first, after: $after) {
    edges {
      node {
        id cursor occurredAt receivedAt delivery
        site { id name } box { id name } device { id deviceId name }
        deviceType deviceIp
        personType identityId identityName groupName similarity score
        ${['faceImage', 'sceneImage', 'registeredImage'].map(picture).join(' ')}
        identityInfo extra
      }
    }
    pageInfo { hasNextPage }
  }
}`);

const named = z.object({ id: z.string(), name: z.string() });
const image = z
  .object({ url: z.string().nullable(), contentType: z.string(), byteLength: z.number() })
  .nullable();
const text = z.string().nullable();

const eventSchema = z.object({
  id: z.string(),
  cursor: z.string(),
  occurredAt: z.string(),
  receivedAt: z.string(),
  delivery: z.string(),
  site: named,
  box: named,
  device: z.object({ id: z.string(), deviceId: z.string(), name: text }),
  deviceType: z.string(),
  deviceIp: text,
  personType: z.string(),
  identityId: text,
  identityName: text,
  groupName: text,
  similarity: z.number(),
  score: z.number(),
  faceImage: image,
  sceneImage: image,
  registeredImage: image,
  identityInfo: z.unknown(),
  extra: z.unknown(),
});

/** An event as its viewer may see it, as GraphQL would answer. */
export type ExportedEvent = z.infer<typeof eventSchema>;

const pageSchema = z.object({
  recognitionEvents: z.object({
    edges: z.array(z.object({ node: eventSchema })),
    pageInfo: z.object({ hasNextPage: z.boolean() }),
  }),
});

/** The errors with which a page could not be had. */
export class ExportFailed extends Error {
  override readonly name = 'ExportFailed';
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors.map(({ message }) => message).join(' '));
    this.errors = errors;
  }
}

/** Told of each page: the filter as it was asked for, and how many events it has. */
export type HistoryRead = NonNullable<GraphQLContext['historyRead']>;

/**
 * The events of the history that match, oldest first, page by page: none is read before it is asked
 * for. It ends with the newest event; the first page may be empty.
 *
 * @param leaving is aborted when nobody waits for them any more.
 * @throws {ExportFailed} also when `leaving` is aborted.
 */
export async function* eventPages(
  pipeline: Pick<GraphQLPipeline, 'ownQuery' | 'execute'>,
  connection: Connection,
  { filter, after: start, first }: ExportRequest,
  { leaving, historyRead }: { readonly leaving: AbortSignal; readonly historyRead: HistoryRead },
): AsyncGenerator<readonly ExportedEvent[], void, void> {
  let after = start;
  let left = first;
  let size = PAGE;
  for (;;) {
    const variables = { filter, after, first: Math.min(size, left) };
    const operation = pipeline.ownQuery(DOCUMENT, variables, connection, historyRead);
    const { data, errors } = await pipeline.execute(operation, leaving, connection);
    if (size > 1 && errors?.some(isTooLarge)) {
      size = Math.ceil(size / 2);
      continue;
    }
    if (errors || leaving.aborted) throw new ExportFailed(errors ?? []);
    const { edges, pageInfo } = pageSchema.parse(data).recognitionEvents;
    const events = edges.map(({ node }) => node);
    yield events;
    left -= events.length;
    after = events.at(-1)?.cursor ?? after;
    if (!pageInfo.hasNextPage || left <= 0) return;
  }
}

const isTooLarge = ({ extensions }: GraphQLError): boolean =>
  extensions['code'] === 'ANSWER_TOO_LARGE';
