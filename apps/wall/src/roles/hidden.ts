import { createContext, useContext } from 'react';
import type { Hidden } from '../state/roles.ts';

/** What the chosen role hides of events. */
export const HiddenFields = createContext<ReadonlySet<Hidden>>(new Set());

export const useHidden = (field: Hidden): boolean => useContext(HiddenFields).has(field);
