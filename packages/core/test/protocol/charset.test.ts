import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inUtf8 } from '../../src/protocol/charset.ts';
import { decode } from '../../src/protocol/decode.ts';
import { eventOf, sample, v5 } from './messages.ts';

/** 南门 and 裓: the last byte of the latter is a backslash. */
const GBK = { southGate: Buffer.from('c4cfc3c5', 'hex'), inside: Buffer.from('d15c', 'hex') };

/** The 3,755 most common characters, in the order of GB2312. */
const COMMON_HAN = Array.from({ length: 40 * 94 - 5 }, (_, index) => {
  const bytes = Buffer.of(0xb0 + Math.floor(index / 94), 0xa1 + (index % 94));
  return [new TextDecoder('gbk').decode(bytes), bytes] as const;
});
const GBK_BYTES = new Map(COMMON_HAN);
const commonHan = fc.constantFrom(...GBK_BYTES.keys());

const gbk = (name: string): Buffer =>
  Buffer.concat(Array.from(name, (each) => GBK_BYTES.get(each) ?? Buffer.from(each)));

/** Whether its bytes in UTF-8 are characters of GB2312 too. */
const isGb2312 = (name: string): boolean =>
  /^(?:[\xb0-\xf7][\xa1-\xfe])+$/.test(Buffer.from(name).toString('latin1'));

const json = (...parts: (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part)));

const asText = (bytes: Buffer, contentType?: string): string =>
  inUtf8(bytes, contentType).toString();

describe('a text of a box', () => {
  it('stays the same bytes when it is UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = Buffer.from(text);
        fc.pre(!/^(?:\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1')));
        expect(inUtf8(bytes)).toBe(bytes);
      }),
    );
  });

  it('is read string by string: GBK beside UTF-8', () => {
    const bytes = json('["北门","', GBK.southGate, '","', GBK.inside, '",{"', GBK.inside, '":1}]');
    expect(JSON.parse(asText(bytes))).toEqual(['北门', '南门', '裓', { 裓: 1 }]);
  });

  it('keeps a string in UTF-8 that was cut within a character', () => {
    const cut = Buffer.from('北门小').subarray(0, 8);
    expect(JSON.parse(asText(json('["', cut, '"]')))).toEqual(['北门\uFFFD']);
  });

  it.each([
    ['a character as a pair of surrogates', 'e5b08feda0bdedb88021', '小😀!'],
    ['only such a character', 'eda0bdedb880', '😀'],
    ['half a pair', 'e5b08feda0bd', '小\uFFFD'],
    ['half a pair between characters', 'e58c97edb880e997a8', '北\uFFFD门'],
    ['two first halves, and nothing else', 'eda0bdeda0bd', '\uFFFD\uFFFD'],
    ['a pair in the wrong order', 'e5b08fedb880eda0bd', '小\uFFFD\uFFFD'],
    ['one character, and one that is cut', 'e997a8e5', '门\uFFFD'],
    ['one character, and two bytes of one that is cut', 'e997a8e58c', '门\uFFFD'],
    ['one character, and four bytes cut to three', 'e997a8f09f98', '门\uFFFD'],
    ['an overlong NUL at its end', 'e58c97e997a8c080', '北门\uFFFD'],
    ['an overlong NUL behind one character', 'e997a8c080', '门\uFFFD'],
    ['many overlong NULs at its end', 'e58c97e997a8c080c080c080', '北门\uFFFD\uFFFD\uFFFD'],
    ['an overlong form of six bytes', 'e997a8fc80808080af', '门\uFFFD'],
    ['an overlong form of three bytes', 'e997a8e080af', '门\uFFFD'],
    ['an overlong form of four bytes', 'e997a8f08080af', '门\uFFFD'],
    ['a code point that there is not', 'e997a8f4908080', '门\uFFFD'],
    ['a U+FFFD as sent, and a cut', 'efbfbdefbfbde5', '\uFFFD\uFFFD\uFFFD'],
  ])('keeps a string in UTF-8 that has %s', (_, hex, name) => {
    const bytes = json('["', Buffer.from(hex, 'hex'), '","', GBK.southGate, '"]');
    expect(JSON.parse(asText(bytes))).toEqual([name, '南门']);
    expect(JSON.parse(asText(bytes, 'text/html; charset=gbk'))[1]).toBe('南门');
  });

  it('keeps a string in UTF-8 wherever it was cut, and whatever half of a character ends it', () => {
    const end = fc.constantFrom('e5', 'e58c', 'f09f98', 'eda0bd', 'c080', 'e080af');
    fc.assert(
      fc.property(fc.string({ unit: commonHan, minLength: 2 }), end, (name, hex) => {
        const bytes = json('["', name, Buffer.from(hex, 'hex'), '"]');
        expect(JSON.parse(asText(bytes))).toEqual([`${name}\uFFFD`]);
      }),
    );
  });

  it('reads Chinese in UTF-8 or GBK, under a label of GBK or none', () => {
    const label = fc.constantFrom('', 'text/html; charset=gb2312', 'a/b;charset=GB18030');
    const names = fc.array(fc.tuple(fc.string({ unit: commonHan, minLength: 1 }), fc.boolean()));
    fc.assert(
      fc.property(names, label, (written, contentType) => {
        const isLookalike = ([name, isGbk]: readonly [string, boolean]) =>
          isGbk ? isUtf8(gbk(name)) : isGb2312(name);
        const clear = written.filter((each) => !isLookalike(each));
        const strings = clear.map(([name, isGbk]) => json('"', isGbk ? gbk(name) : name, '"'));
        const bytes = json(
          '[',
          ...strings.flatMap((each, at) => (at === 0 ? [each] : [',', each])),
          ']',
        );
        expect(JSON.parse(asText(bytes, contentType))).toEqual(clear.map(([name]) => name));
      }),
    );
  });

  it('has U+FFFD for what is neither, and spoils no other string by it', () => {
    const bytes = json('["', Buffer.from([0xff, 0x41, 0xff]), '","', GBK.southGate, '"]');
    expect(JSON.parse(asText(bytes))).toEqual(['\uFFFDA\uFFFD', '南门']);
  });

  it.each([
    ['GBK', 'application/json; charset=GBK', GBK.southGate, '南门'],
    ['GBK that could be UTF-8', 'text/html;charset="gb2312"', Buffer.from('d2bb', 'hex'), '一'],
    ['Big5', 'text/plain; Charset = big5', Buffer.from('ab6e', 'hex'), '南'],
    ['Latin-1', 'text/html; charset=iso-8859-1', Buffer.from('54fc72', 'hex'), 'Tür'],
    ['Latin-1, but is UTF-8', 'text/html; charset=iso-8859-1', Buffer.from('Tür'), 'Tür'],
    ['UTF-8, but is GBK', 'application/json; charset=utf-8', GBK.southGate, '南门'],
    [
      'GBK, but has a fault in it',
      'text/plain; charset=gbk',
      Buffer.from('c4cfff', 'hex'),
      '\uFFFD\uFFFD\uFFFD',
    ],
    ['GBK, but is UTF-8', 'text/html; charset=GBK', Buffer.from('北门'), '北门'],
    ['GB2312, but is UTF-8', 'text/html; charset=gb2312', Buffer.from('小'), '小'],
    ['GB18030, but is UTF-8', 'text/html; charset=gb18030', Buffer.from('门😀'), '门😀'],
    ['Big5, but is UTF-8', 'text/html; charset=big5', Buffer.from('北門'), '北門'],
    ['UTF-16, but is UTF-8', 'text/html; charset=utf-16', Buffer.from('北门'), '北门'],
    ['ISO-2022-JP, but is UTF-8', 'a/b; charset=iso-2022-jp', Buffer.from('北门'), '北门'],
    ['ISO-2022-JP', 'a/b; charset=iso-2022-jp', Buffer.from('1b24424b4c4c671b2842', 'hex'), '北門'],
    ['a charset that nobody knows', 'text/plain; charset=martian', GBK.southGate, '南门'],
  ])('may be declared as %s', (_, contentType, bytes, text) => {
    expect(JSON.parse(asText(json('"', bytes, '"'), contentType))).toBe(text);
  });

  it('is UTF-16 where it is declared as that, and has no byte order mark', () => {
    const bytes = Buffer.from('{"name":"南门"}', 'utf16le');
    expect(JSON.parse(asText(bytes, 'a/b; charset=utf-16le'))).toEqual({ name: '南门' });
  });

  it('is read string by string under a label of GBK', () => {
    const bytes = json('["北门","', GBK.southGate, '","', Buffer.from('d2bb', 'hex'), '"]');
    expect(JSON.parse(asText(bytes, 'a/b; charset=gbk'))).toEqual(['北门', '南门', '一']);
  });

  it('is read as GBK in thousands of strings where it is declared as that', () => {
    const strings = Array.from({ length: 6_000 }, () => json('"', GBK.southGate, '"'));
    const texts = asText(Buffer.concat(strings), 'a/b; charset=gbk').split('""');
    expect(new Set(texts.slice(1, -1))).toEqual(new Set(['南门']));
    expect(texts.at(-1)).toBe('南门"');
  });

  it('keeps its strings in UTF-8 when it is declared as Latin-1 and one is something else', () => {
    const bytes = json('["', Buffer.from('54fc72', 'hex'), '","门"]');
    expect(JSON.parse(asText(bytes, 'text/html; charset=iso-8859-1'))).toEqual(['Tür', '门']);
  });

  it('has U+FFFD in strings that are not UTF-8, behind thousands of them', () => {
    const strings = Array.from({ length: 6_000 }, () => json('"', GBK.southGate, '"'));
    const texts = asText(Buffer.concat(strings)).split('""');
    expect(texts[0]).toBe('"南门');
    expect(texts.at(-1)).toBe('\uFFFD\uFFFD\uFFFD\uFFFD"');
    expect(texts).toHaveLength(6_000);
  });

  it('may be UTF-16 with a byte order mark', () => {
    const bytes = Buffer.from('\uFEFF{"name":"南门"}', 'utf16le');
    expect(JSON.parse(asText(bytes))).toEqual({ name: '南门' });
    expect(JSON.parse(asText(Buffer.from(bytes).swap16()))).toEqual({ name: '南门' });
  });
});

describe('an event in another charset', () => {
  const [before = '', after = ''] = JSON.stringify(sample).split('Visitor 12');

  it.each([
    ['GBK', GBK.southGate, '南门'],
    ['GBK that ends with a backslash', GBK.inside, '裓'],
    ['a pair of surrogates', Buffer.from('e5b08feda0bdedb880', 'hex'), '小😀'],
    ['half a pair', Buffer.from('e5b08feda0bd', 'hex'), '小\uFFFD'],
    ['no charset that there is', Buffer.from([0xff]), '\uFFFD'],
  ])('is kept, with its pictures: %s', (_, name, identityName) => {
    const { pictures, ...event } = eventOf(decode(json(before, name, after), v5));
    const { pictures: asSent, ...usual } = eventOf(decode(json(before, after), v5));
    expect(event).toEqual({ ...usual, identityName });
    expect(pictures).toEqual(asSent);
  });
});
