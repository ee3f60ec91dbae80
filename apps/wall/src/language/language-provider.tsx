import { Direction } from 'radix-ui';
import { type ReactNode, useLayoutEffect, useState } from 'react';
import { IntlProvider } from 'use-intl';
import { type Language, languageOfTag, localeOf, preferredLanguage } from './languages.ts';
import type { English, Messages } from './messages.ts';
import { LanguageContext } from './use-language.ts';

/** Where the browser keeps the language that the reader has chosen. */
const storageKey = 'se5-language';

/** A language with its messages. */
export interface LoadedLanguage {
  readonly language: Language;
  readonly messages: Messages;
}

/** The language that the reader has chosen here, or else the one that the browser prefers. */
export async function loadLanguage(): Promise<LoadedLanguage> {
  const chosen = languageOfTag(localStorage.getItem(storageKey) ?? '');
  const language = chosen ?? preferredLanguage(navigator.languages);
  return { language, messages: (await language.load()).messages };
}

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
  const choose = async (next: Language) => {
    const loaded = await next.load();
    localStorage.setItem(storageKey, next.tag);
    setLoaded({ language: next, messages: loaded.messages });
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
