import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EventFilter } from '../event-filter.ts';

/** The gateway's own schema: the peers answer the same operations with the same fields. */
export const peerTypeDefs = readFileSync(
  fileURLToPath(import.meta.resolve('@se5/gateway/schema.graphql')),
  'utf8',
);

/** The arguments of `recognitionEvents` that the peers look at. */
export interface PeerArguments {
  readonly filter?: EventFilter | null;
}
