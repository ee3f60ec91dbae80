import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, ownerOf } from '../../src/cluster/assignment.ts';
import { boxId, siteId } from '../support/recognitions.ts';

const SITES = [siteId('hq'), siteId('plant')];

const candidate: fc.Arbitrary<Candidate> = fc.record({
  name: fc.string({ minLength: 1, maxLength: 8 }),
  process: fc.uuid(),
  sites: fc.option(fc.subarray(SITES)),
  isDraining: fc.boolean(),
});

const members = fc.uniqueArray(candidate, {
  maxLength: 6,
  selector: ({ process }) => process,
});

const box = fc.record({
  id: fc.stringMatching(/^[a-z0-9.-]{1,12}$/).map(boxId),
  siteId: fc.constantFrom(...SITES),
});

const mayOwn = (
  { isDraining, sites }: Candidate,
  { siteId: site }: Parameters<typeof ownerOf>[0],
): boolean => !isDraining && (sites === null || sites.includes(site));

describe('who listens to a box', () => {
  it('is one who can reach it and is not about to end; nobody when there is none', () => {
    fc.assert(
      fc.property(box, members, (of, all) => {
        const owner = ownerOf(of, all);
        const able = all.filter((each) => mayOwn(each, of));
        if (able.length === 0) expect(owner).toBeUndefined();
        else expect(able).toContain(owner);
      }),
    );
  });

  it('is the same for all, in whatever order they know each other', () => {
    fc.assert(
      fc.property(box, members, fc.infiniteStream(fc.nat()), (of, all, draws) => {
        const shuffled = all
          .map((each) => ({ each, key: draws.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ each }) => each);
        expect(ownerOf(of, shuffled)).toBe(ownerOf(of, all));
      }),
    );
  });

  it('changes only to one who came, or from one who left', () => {
    fc.assert(
      fc.property(box, members, candidate, (of, all, other) => {
        const before = ownerOf(of, all);
        const after = ownerOf(of, [...all, other]);
        expect([before, other]).toContain(after);
      }),
    );
  });

  it('stays with a gateway that is started again under its name', () => {
    fc.assert(
      fc.property(box, members, fc.uuid(), (of, all, process) => {
        const owner = ownerOf(of, all);
        fc.pre(owner !== undefined && all.filter(({ name }) => name === owner.name).length === 1);
        const again = all.map((each) => (each === owner ? { ...each, process } : each));
        expect(ownerOf(of, again)?.process).toBe(process);
      }),
    );
  });

  it('is each of some gateways for about as many boxes', () => {
    const all = ['a', 'b', 'c', 'd'].map(
      (name): Candidate => ({ name, process: name, sites: null, isDraining: false }),
    );
    const counts = new Map<string, number>();
    for (let number = 0; number < 1_000; number += 1) {
      const owner = ownerOf({ id: boxId(`box-${number}`), siteId: siteId('hq') }, all);
      counts.set(owner?.name ?? '', (counts.get(owner?.name ?? '') ?? 0) + 1);
    }
    for (const count of counts.values()) expect(Math.abs(count - 250)).toBeLessThan(75);
    expect(counts.size).toBe(4);
  });
});
