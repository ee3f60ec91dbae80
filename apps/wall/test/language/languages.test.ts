import { expect, test } from 'vitest';
import { languageOfTag, localeOf, preferredLanguage } from '../../src/language/languages.ts';

const tagFor = (...preferred: string[]) => preferredLanguage(preferred).tag;

test('the page is in the first language of the browser that it speaks, or in English', () => {
  expect(tagFor('de-AT', 'en')).toBe('de');
  expect(tagFor('nl', 'es-MX', 'en')).toBe('es');
  expect(tagFor('zh-CN')).toBe('zh-Hans');
  expect(tagFor('zh-TW', 'ja')).toBe('ja');
  expect(tagFor('ar-EG')).toBe('ar');
  expect(tagFor('nl')).toBe('en');
  expect(tagFor('en-US@posix', 'de')).toBe('de');
  expect(tagFor()).toBe('en');
});

test('dates and numbers are those of the reader’s region where its language is shown', () => {
  const german = languageOfTag('de');
  expect(german && localeOf(german, ['en-GB', 'de-AT'])).toBe('de-AT');
  expect(german && localeOf(german, ['en-GB'])).toBe('de');
  expect(german && localeOf(german, ['de_DE@posix'])).toBe('de');
});
