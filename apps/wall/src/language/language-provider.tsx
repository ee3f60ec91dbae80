import { Direction } from 'radix-ui';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { IntlProvider } from 'use-intl';
import { english, type Language, languageOfTag, localeOf, preferredLanguage } from './languages.ts';
import type { English, Messages } from './messages.ts';
import { LanguageContext } from './use-language.ts';

/** Where the browser keeps the language that the reader has chosen. */
const storageKey = 'se5-language';

/** A language with its messages. */
export interface LoadedLanguage {
  readonly language: Language;
  readonly messages: Messages;
}

/**
 * The language that the reader has chosen here, or else the one that the browser prefers; English
 * where its file does not load.
 */
export function loadLanguage(): Promise<LoadedLanguage> {
  const chosen = languageOfTag(localStorage.getItem(storageKey) ?? '');
  return load(chosen ?? preferredLanguage(navigator.languages)).catch(() => load(english));
}

const load = async (language: Language): Promise<LoadedLanguage> => ({
  language,
  messages: (await language.load()).messages,
});

interface LanguageProviderProps {
  /** The language with which the page begins. */
  readonly initial: LoadedLanguage;
  readonly children: ReactNode;
}

/** Has all of the page in one language: its messages, numbers and dates, and where a line begins. */
export function LanguageProvider({ initial, children }: LanguageProviderProps) {
  const [{ language, messages }, setLoaded] = useState(initial);
  const { tag, direction } = language;
  useLayoutEffect(() => {
    document.documentElement.lang = tag;
    document.documentElement.dir = direction;
  }, [tag, direction]);
  const lastChosen = useRef(language);
  const choose = async (next: Language) => {
    lastChosen.current = next;
    // The browser reports a file that does not load; the page stays as it is.
    const loaded = await load(next).catch(() => undefined);
    if (!loaded || lastChosen.current !== next) return;
    localStorage.setItem(storageKey, next.tag);
    setLoaded(loaded);
  };
  return (
    <LanguageContext value={{ language, choose: (next) => void choose(next) }}>
      <IntlProvider locale={localeOf(language, navigator.languages)} messages={asEnglish(messages)}>
        <Direction.Provider dir={direction}>{children}</Direction.Provider>
      </IntlProvider>
    </LanguageContext>
  );
}

/**
 * For the library, whose types of keys and arguments are those of the English texts. The keys of all
 * languages are the same, as their type says, and the arguments, as a test does.
 */
const asEnglish = (messages: Messages): English => messages as English;
