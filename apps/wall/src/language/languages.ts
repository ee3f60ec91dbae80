import type { Messages } from './messages.ts';

/** A language of the page. */
export interface Language {
  /** BCP 47. */
  readonly tag: string;
  /** In the language itself. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  /** Its messages are in a file of their own, which no reader of another language loads. */
  readonly load: () => Promise<{ readonly messages: Messages }>;
}

export const english: Language = {
  tag: 'en',
  name: 'English',
  direction: 'ltr',
  load: () => import('./messages/en.ts'),
};

export const languages: readonly Language[] = [
  english,
  {
    tag: 'zh-Hans',
    name: '中文',
    direction: 'ltr',
    load: () => import('./messages/zh-Hans.ts'),
  },
  { tag: 'de', name: 'Deutsch', direction: 'ltr', load: () => import('./messages/de.ts') },
  { tag: 'es', name: 'Español', direction: 'ltr', load: () => import('./messages/es.ts') },
  { tag: 'ja', name: '日本語', direction: 'ltr', load: () => import('./messages/ja.ts') },
  { tag: 'ar', name: 'العربية', direction: 'rtl', load: () => import('./messages/ar.ts') },
];

export const languageOfTag = (tag: string): Language | undefined =>
  languages.find((language) => language.tag === tag);

/** The first that the reader's browser prefers, or English. @param preferred BCP 47, the best first. */
export const preferredLanguage = (preferred: readonly string[]): Language =>
  preferred.flatMap((tag) => languages.filter((language) => isSame(tag, language.tag)))[0] ??
  english;

/**
 * The locale for dates and numbers: that of the reader's browser where it is of the language, since
 * it also names a region, or the language alone.
 */
export const localeOf = ({ tag }: Language, preferred: readonly string[]): string =>
  preferred.find((each) => isSame(each, tag)) ?? tag;

/** Whether both are of one language in one script: `zh-CN` is `zh-Hans`, and `zh-TW` is not. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [writtenIn(one), writtenIn(other)];
  return a !== undefined && a.language === b?.language && a.script === b.script;
}

/** Undefined for what is no tag: a browser takes `en-US@posix` over from its system. */
function writtenIn(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag).maximize();
  } catch {
    return undefined;
  }
}
