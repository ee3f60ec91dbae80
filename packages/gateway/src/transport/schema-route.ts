import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOpenTo } from '../access/openness.ts';
import type { Viewer } from '../access/viewer.ts';
import type { Openness } from '../config/config.ts';
import { schemaText } from '../schema/schema-text.ts';
import { errorBody, sendJson } from './answer.ts';
import { conditionOf, sendUnmet } from './preconditions.ts';
import type { UnreadAnswers } from './unread-answers.ts';

const DISABLED =
  'This gateway does not tell what its schema holds: it is disabled by the key introspection of its configuration.';

const NOT_TRUSTED =
  'This credential may run trusted documents only, so it may not ask what the schema holds.';

export interface SchemaRouteOptions {
  /** Told of a viewer that may not have the schema. */
  readonly refused?: (
    request: IncomingMessage,
    viewer: Viewer,
    code: 'INTROSPECTION_DISABLED' | 'OPERATION_NOT_TRUSTED',
  ) => void;
}

export type SchemaRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  viewer: Viewer,
) => void;

/** Serves the schema as text, to whoever may ask for it by introspection. */
export function createSchemaRoute(
  introspection: Openness,
  unread: UnreadAnswers,
  { refused = () => {} }: SchemaRouteOptions = {},
): SchemaRoute {
  const body = Buffer.from(schemaText());
  const tag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  return (request, response, viewer) => {
    if (!isOpenTo(introspection, viewer)) {
      refused(request, viewer, 'INTROSPECTION_DISABLED');
      sendJson(response, 403, errorBody('INTROSPECTION_DISABLED', DISABLED));
      return;
    }
    if (!viewer.rights.anyOperation) {
      refused(request, viewer, 'OPERATION_NOT_TRUSTED');
      sendJson(response, 403, errorBody('OPERATION_NOT_TRUSTED', NOT_TRUSTED));
      return;
    }
    response.setHeader('ETag', tag);
    response.setHeader('Cache-Control', 'private, no-cache');
    const condition = conditionOf(request, tag);
    if (condition !== 'met') {
      sendUnmet(response, condition);
      return;
    }
    const headers = { 'Content-Type': 'application/graphql; charset=utf-8' };
    if (request.method === 'GET') unread.send(request, response, { status: 200, headers, body });
    else response.writeHead(200, { ...headers, 'Content-Length': body.byteLength }).end();
  };
}
