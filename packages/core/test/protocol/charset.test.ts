import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inUtf8 } from '../../src/protocol/charset.ts';
import { decode } from '../../src/protocol/decode.ts';
import { eventOf, sample, v5 } from './messages.ts';

/** 南门 and 裓: the last byte of the latter is a backslash. */
const GBK = { southGate: Buffer.from('c4cfc3c5', 'hex'), inside: Buffer.from('d15c', 'hex') };

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
    ['a charset that nobody knows', 'text/plain; charset=martian', GBK.southGate, '南门'],
  ])('may be declared as %s', (_, contentType, bytes, text) => {
    expect(JSON.parse(asText(json('"', bytes, '"'), contentType))).toBe(text);
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
    ['no charset that there is', Buffer.from([0xff]), '\uFFFD'],
  ])('is kept, with its pictures: %s', (_, name, identityName) => {
    const { pictures, ...event } = eventOf(decode(json(before, name, after), v5));
    const { pictures: asSent, ...usual } = eventOf(decode(json(before, after), v5));
    expect(event).toEqual({ ...usual, identityName });
    expect(pictures).toEqual(asSent);
  });
});
