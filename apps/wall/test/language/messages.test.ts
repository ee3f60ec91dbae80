import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { describe, expect, test } from 'vitest';
import { languages } from '../../src/language/languages.ts';
import { messages as english } from '../../src/language/messages/en.ts';

/** What a message is made of besides its words: each argument with its kind, and each tag. */
const partsOf = (elements: readonly MessageFormatElement[]): string[] =>
  elements.flatMap((element) => {
    if (element.type === TYPE.literal || element.type === TYPE.pound) return [];
    const { type, value } = element;
    if (type === TYPE.tag) return [`<${value}>`, ...partsOf(element.children)];
    if (type === TYPE.plural) return [`${value}: number`, ...optionsOf(element.options)];
    if (type === TYPE.number) return [`${value}: number`];
    if (type !== TYPE.select) return [value];
    const cases = Object.keys(element.options).toSorted().join('|');
    return [`${value}: ${cases}`, ...optionsOf(element.options)];
  });

const optionsOf = (options: Readonly<Record<string, { value: MessageFormatElement[] }>>) =>
  Object.values(options).flatMap(({ value }) => partsOf(value));

const setOf = (text: string) => [...new Set(partsOf(parse(text)))].toSorted();

/** The forms of each plural in a message. */
const pluralsOf = (elements: readonly MessageFormatElement[]): string[][] =>
  elements.flatMap((element) => {
    if (element.type === TYPE.tag) return pluralsOf(element.children);
    if (element.type !== TYPE.select && element.type !== TYPE.plural) return [];
    const inner = Object.values(element.options).flatMap(({ value }) => pluralsOf(value));
    return element.type === TYPE.plural ? [Object.keys(element.options), ...inner] : inner;
  });

const flat = (rooms: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
  Object.entries(rooms).flatMap(([room, texts]) =>
    Object.entries(texts).map(([key, text]) => [`${room}.${key}`, text] as const),
  );

describe.each(languages)('$name', ({ tag, load }) => {
  test('says every message, with the arguments and tags that it has in English', async () => {
    const texts = flat((await load()).messages);
    expect(texts.filter(([, text]) => text.trim() === '')).toEqual([]);
    expect(texts.map(([key, text]) => [key, setOf(text)])).toEqual(
      flat(english).map(([key, text]) => [key, setOf(text)]),
    );
  });

  test('has each plural in all forms of the language, and in no other', async () => {
    const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.toSorted();
    for (const [key, text] of flat((await load()).messages)) {
      for (const has of pluralsOf(parse(text))) expect([key, has.toSorted()]).toEqual([key, forms]);
    }
  });
});
