import { createContext, useContext } from 'react';
import type { Language } from './languages.ts';

export interface ChosenLanguage {
  readonly language: Language;
  /** Loads a language, shows the page in it, and remembers it; does neither where its file does not load. */
  readonly choose: (language: Language) => void;
}

export const LanguageContext = createContext<ChosenLanguage | undefined>(undefined);

export function useLanguage(): ChosenLanguage {
  const chosen = useContext(LanguageContext);
  if (!chosen) throw new Error('useLanguage is for components inside a LanguageProvider');
  return chosen;
}
