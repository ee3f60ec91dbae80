import type { Openness } from '../config/config.ts';
import type { Viewer } from './viewer.ts';

/** Whether a part of the gateway is there for this viewer. */
export const isOpenTo = (openness: Openness, { kind }: Viewer): boolean =>
  openness === 'authenticated' ? kind !== 'open' : openness;
