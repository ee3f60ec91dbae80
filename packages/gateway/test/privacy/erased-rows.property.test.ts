import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ErasedRows } from '../../src/privacy/erased-rows.ts';
import type { UncoveredRows } from '../../src/privacy/erasure-notice.ts';
import type { Subject } from '../../src/privacy/keyring.ts';

const tagOf = (identityId: string) => `tag of ${identityId}`;

/** Few and small, so that they meet. */
const small = fc.nat({ max: 6 });
const identityId = fc.constantFrom('', 'S-1', 'S-2');
const subject: fc.Arbitrary<Subject> = fc.record({
  identityId,
  personType: fc.constantFrom('STRANGER', 'EMPLOYEE'),
  occurredAt: small,
  receivedAt: small,
});
const until = fc.record({ position: small, at: small });
const erasure: fc.Arbitrary<UncoveredRows> = fc
  .tuple(
    fc.oneof(
      fc.record({ kind: fc.constant('stranger' as const), stranger: identityId.map(tagOf) }),
      fc.record({ kind: fc.constant('before' as const), time: small }),
    ),
    fc.option(until, { nil: undefined }),
  )
  .map(([rows, until]) => (until ? { ...rows, until } : rows));
const erasures = fc.array(erasure, { maxLength: 6 });

const known = (list: readonly UncoveredRows[]): ErasedRows => {
  const erased = new ErasedRows(tagOf);
  for (const rows of list) erased.add(rows);
  return erased;
};

const means = (rows: UncoveredRows, { identityId, personType, ...times }: Subject): boolean =>
  rows.kind === 'before'
    ? Math.min(times.occurredAt, times.receivedAt) < rows.time
    : identityId !== '' && personType === 'STRANGER' && rows.stranger === tagOf(identityId);

describe('what was erased though no key covers it', () => {
  it('is an event that one of the erasures means, up to the position of that erasure', () => {
    fc.assert(
      fc.property(erasures, subject, small, (list, of, position) => {
        expect(known(list).hasEvent(of, position)).toBe(
          list.some((rows) => rows.until && position <= rows.until.position && means(rows, of)),
        );
      }),
    );
  });

  it('is a picture that was stored before an erasure that means it, or its time', () => {
    fc.assert(
      fc.property(erasures, subject, small, (list, of, at) => {
        expect(known(list).hasPicture(of, at)).toBe(
          list.some(
            (rows) =>
              rows.until &&
              at <= rows.until.at &&
              (means(rows, of) || (rows.kind === 'before' && at < rows.time)),
          ),
        );
      }),
    );
  });
});
