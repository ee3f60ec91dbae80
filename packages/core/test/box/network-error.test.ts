import { describe, expect, it } from 'vitest';
import { authority, isNobodyThere, networkError } from '../../src/box/network-error.ts';
import { BoxError } from '../../src/protocol/errors.ts';

const where = 'ws://box:5679';
const systemError = (code: string) => Object.assign(new Error(code), { code, syscall: 'connect' });

describe('authority', () => {
  it('puts brackets around an IPv6 address only', () => {
    expect(authority('192.168.1.180', 5679)).toBe('192.168.1.180:5679');
    expect(authority('lobby.example.com', 5679)).toBe('lobby.example.com:5679');
    expect(authority('fe80::1', 5679)).toBe('[fe80::1]:5679');
  });
});

describe('networkError', () => {
  it.each([
    ['ECONNREFUSED', 'UNREACHABLE'],
    ['EHOSTUNREACH', 'UNREACHABLE'],
    ['ENOTFOUND', 'UNREACHABLE'],
    ['ETIMEDOUT', 'TIMEOUT'],
    ['ECONNRESET', 'CLOSED'],
    ['EPIPE', 'CLOSED'],
  ])('takes %s of the system for %s, and names it', (code, expected) => {
    const error = networkError(systemError(code), where);
    expect(error.code).toBe(expected);
    expect(error.message).toMatch(new RegExp(`^${where} .*\\(${code}\\)$`));
  });

  it('takes what every address of a name answered for one answer', () => {
    const refused = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect(networkError(refused, where).code).toBe('UNREACHABLE');
  });

  it('takes the complaint of a parser for PROTOCOL, and drops the bytes that it quotes', () => {
    const complaint = Object.assign(new Error('Parse Error'), {
      code: 'HPE_INVALID_CONSTANT',
      rawPacket: Buffer.from('Visitor 12'),
    });
    const error = networkError(complaint, where);
    expect(error.code).toBe('PROTOCOL');
    expect(error.cause).toBeUndefined();
  });
});

describe('isNobodyThere', () => {
  it('is true of what ran out of time or found no way, not of what somebody answered', () => {
    expect(isNobodyThere(networkError(systemError('ECONNREFUSED'), where))).toBe(false);
    expect(isNobodyThere(networkError(systemError('EHOSTUNREACH'), where))).toBe(true);
    expect(isNobodyThere(new BoxError('TIMEOUT', 'late'))).toBe(true);
    expect(isNobodyThere(new BoxError('CLOSED', 'gone'))).toBe(false);
    expect(isNobodyThere(new BoxError('BOX_REFUSED', 'no'))).toBe(false);
    expect(isNobodyThere(new BoxError('PROTOCOL', 'what?'))).toBe(false);
  });
});
