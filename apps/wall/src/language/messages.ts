import type { messages } from './messages/en.ts';

/** What is said in English, word by word: the types of keys and arguments come from it. */
export type English = typeof messages;

/** The same in any language. */
export type Messages = {
  readonly [Room in keyof English]: { readonly [Key in keyof English[Room]]: string };
};

declare module 'use-intl' {
  interface AppConfig {
    Messages: English;
  }
}
