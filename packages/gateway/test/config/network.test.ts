import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNetworks, isNetwork, parseAddress } from '../../src/config/network.ts';

const ipv4 = fc.ipV4();
const ipv6 = fc.ipV6().filter((text) => !/^::ffff:/i.test(text));
const port = fc.integer({ min: 1, max: 65_535 });
const canonical = (text: string) => parseAddress(text)?.toNormalizedString();

describe('an address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['203.0.113.9:50001', '203.0.113.9'],
    ['203.0.113.9:', '203.0.113.9'],
    ['"[2001:db8::1]:"', '2001:db8:0:0:0:0:0:1'],
    [' 203.0.113.9 ', '203.0.113.9'],
    ['"203.0.113.9:50001"', '203.0.113.9'],
    ['[203.0.113.9]:80', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:203.0.113.9', '203.0.113.9'],
    ['::ffff:cb00:7109', '203.0.113.9'],
    ['0:0:0:0:0:ffff:cb00:7109', '203.0.113.9'],
    ['[::ffff:203.0.113.9]:50001', '203.0.113.9'],
    ['2001:DB8::1', '2001:db8:0:0:0:0:0:1'],
    ['[2001:db8::1]', '2001:db8:0:0:0:0:0:1'],
    ['[2001:db8::1]:443', '2001:db8:0:0:0:0:0:1'],
    ['"[2001:db8::1]:_hidden"', '2001:db8:0:0:0:0:0:1'],
    ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1'],
    ['[fe80::1%25eth0]:443', 'fe80:0:0:0:0:0:0:1'],
  ])('is read from %s', (text, address) => {
    expect(canonical(text)).toBe(address);
  });

  it.each([
    '',
    'unknown',
    '_hidden',
    '127.1',
    '0x7f.0.0.1',
    '010.0.0.1',
    '1.2.3',
    '[2001:db8::1',
    'a:80',
  ])('is not read from "%s"', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('is the same however it is written', () => {
    fc.assert(
      fc.property(ipv4, port, (address, at) => {
        for (const text of [
          `${address}:${at}`,
          `"${address}"`,
          `[${address}]:${at}`,
          `::ffff:${address}`,
          `[::ffff:${address}]:${at}`,
          `::ffff:${hexOf(address)}`,
        ]) {
          expect(canonical(text)).toBe(address);
        }
      }),
    );
    fc.assert(
      fc.property(ipv6, port, (address, at) => {
        for (const text of [
          address.toUpperCase(),
          `[${address}]`,
          `[${address}]:${at}`,
          `"[${address}]:${at}"`,
          `${address}%eth0`,
        ]) {
          expect(canonical(text)).toBe(canonical(address));
        }
      }),
    );
  });

  it('is read from no text with an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0129af:.[]"%/ _x') }), (text) => {
        parseAddress(text);
        isNetwork(text);
      }),
    );
  });
});

describe('a network', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1', true],
    ['10.0.0.0/8', '11.0.0.1', false],
    ['10.0.0.0/8', '::ffff:10.1.2.3', true],
    ['10.0.0.0/8', '[::ffff:a01:203]:80', true],
    ['::ffff:10.0.0.0/104', '10.1.2.3', true],
    ['0.0.0.0/0', '198.51.100.1', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['fd00::/8', 'fd12::1%eth0', true],
    ['fd00::/8', 'fe80::1', false],
    ['203.0.113.9', '203.0.113.9:50001', true],
  ])('%s beside the address %s: %s', (network, text, expected) => {
    const address = parseAddress(text);
    expect(address && createNetworks([network]).has(address)).toBe(expected);
  });

  it('holds the addresses that share its first bits, however they are written', () => {
    fc.assert(
      fc.property(ipv4, ipv4, fc.integer({ min: 0, max: 32 }), (base, other, prefix) => {
        const inside =
          prefix === 0 || bitsOf(base) >>> (32 - prefix) === bitsOf(other) >>> (32 - prefix);
        for (const text of [other, `::ffff:${other}`, `::ffff:${hexOf(other)}`, `${other}:80`]) {
          const address = parseAddress(text);
          expect(address && createNetworks([`${base}/${prefix}`]).has(address)).toBe(inside);
        }
      }),
    );
  });

  it.each([
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.1/8',
    'fe80::1%eth0',
    '10.0.0.1:80',
    'proxy',
  ])('is not %s', (text) => {
    expect(isNetwork(text)).toBe(false);
  });
});

const bitsOf = (address: string): number =>
  address.split('.').reduce((bits, octet) => (bits << 8) | Number(octet), 0) >>> 0;

const hexOf = (address: string): string => {
  const hex = bitsOf(address).toString(16).padStart(8, '0');
  return `${hex.slice(0, 4)}:${hex.slice(4)}`;
};
