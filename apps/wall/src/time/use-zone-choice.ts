import type { Site } from '@se5/client';
import { useStored } from '../ui/use-stored.ts';
import { defaultZone, readersZone, type ZoneChoice, zonesOf } from './zones.ts';

export interface ChosenZone {
  readonly chosen: string;
  readonly choices: readonly ZoneChoice[];
  readonly choose: (zone: string) => void;
}

/** The zone that the reader has chosen, as long as it is one of these sites' or the reader's. */
export function useZoneChoice(sites: readonly Site[]): ChosenZone {
  const [stored, choose] = useStored('se5-zone', (text) => text);
  const reader = readersZone();
  const choices = zonesOf(sites, reader);
  const chosen = choices.find(({ zone }) => zone === stored)?.zone ?? defaultZone(sites, reader);
  return { chosen, choices, choose };
}
