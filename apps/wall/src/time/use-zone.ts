import { createContext, useContext } from 'react';
import { readersZone } from './zones.ts';

/** The one time zone of the page: an IANA name. */
export const ZoneContext = createContext(readersZone());

export const useZone = (): string => useContext(ZoneContext);
