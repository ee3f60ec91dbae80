import { boxes } from './boxes.ts';
import { cluster } from './cluster/index.ts';
import { decoding } from './decoding.ts';
import { fanOut } from './fan-out.ts';
import type { Figure } from './figure.ts';
import { history } from './history.ts';
import { ingest } from './ingest.ts';
import { latency } from './latency.ts';
import { memory } from './memory.ts';
import { pictures } from './pictures.ts';
import { reconnect } from './reconnect.ts';
import { selections } from './selections.ts';

/** All there are, in the order of the table. */
export const FIGURES: readonly Figure[] = [
  fanOut,
  pictures,
  selections,
  memory,
  ingest,
  decoding,
  latency,
  boxes,
  history,
  reconnect,
  cluster,
];
