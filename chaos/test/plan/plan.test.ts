import { expect, it } from 'vitest';
import { planFaults } from '../../src/plan/plan.ts';

const options = { seed: 7, seconds: 15, boxes: 5, clients: 50, persons: 6 };

it('is the same for the same seed, and another for another', () => {
  expect(planFaults(options)).toEqual(planFaults(options));
  expect(planFaults({ ...options, seed: 8 })).not.toEqual(planFaults(options));
});

it('has each kind of fault at least once, in the order of time, and over by the end', () => {
  const plan = planFaults(options);
  expect(new Set(plan.map(({ kind }) => kind)).size).toBe(17);
  expect(plan).toEqual(plan.toSorted((one, other) => one.at - other.at));
  const ends = plan.map((fault) => fault.at + ('ms' in fault ? fault.ms : 0));
  expect(Math.max(...ends)).toBeLessThanOrEqual(15_000);
});

it('gives each fault that lasts its time, or half of a short plan', () => {
  for (const fault of planFaults({ ...options, seconds: 600 })) {
    if (fault.kind === 'box clock set') expect(fault.ms).toBeGreaterThanOrEqual(1_000);
  }
  for (const fault of planFaults(options)) {
    if (fault.kind === 'machine clock set') expect(fault.ms).toBeGreaterThanOrEqual(2_000);
  }
});

it('has networks of boxes that stand still for more than a minute', () => {
  const plan = planFaults({ ...options, seconds: 600 });
  const stalls = plan.filter((fault) => fault.kind === 'box stalled');
  expect(Math.max(...stalls.map(({ ms }) => ms))).toBeGreaterThan(60_000);
  expect(new Set(stalls.map(({ isCutOff }) => isCutOff)).size).toBe(2);
});

it('sets the clock of the machine by whole hours, and by more than the run lasts', () => {
  const plan = planFaults({ ...options, seconds: 6_000 });
  const steps = plan.filter((fault) => fault.kind === 'machine clock set');
  for (const { aheadMs } of steps) {
    const distanceMs = Math.abs(aheadMs);
    expect(distanceMs).toBeGreaterThan(6_000_000);
    expect(distanceMs % 3_600_000).toBe(0);
  }
});

it('has an outage behind each clock that was set right', () => {
  const plan = planFaults({ ...options, seconds: 600 });
  for (const fault of plan) {
    const isSoonAfter = ({ at }: { readonly at: number }) =>
      'ms' in fault && at >= fault.at + fault.ms && at <= fault.at + fault.ms + 2_000;
    const outages = plan.filter(isSoonAfter);
    if (fault.kind === 'machine clock set') {
      const cut = outages.filter(({ kind }) => kind === 'box cut off');
      expect(cut.length).toBeGreaterThanOrEqual(5);
    }
    if (fault.kind === 'box clock set') {
      expect(outages).toContainEqual(
        expect.objectContaining({ kind: 'box restarted', box: fault.box }),
      );
    }
  }
});

it('erases a person while a copy of the journal is at hand that does not know it', () => {
  const plan = planFaults({ ...options, seconds: 600 });
  const erasures = plan.filter((fault) => fault.kind === 'person erased');
  expect(erasures.length).toBeGreaterThanOrEqual(13);
  for (const { person } of erasures) expect(person).toBeLessThan(options.persons);
  for (const fault of plan) {
    if (fault.kind !== 'journal restored') continue;
    expect(erasures.some(({ at }) => at >= fault.at && at <= fault.at + fault.ms)).toBe(true);
  }
});

it('keeps clients from a journal that is restored until it has grown again', () => {
  const plan = planFaults({ ...options, seconds: 600 });
  const restored = plan.filter((fault) => fault.kind === 'journal restored');
  expect(restored).not.toEqual([]);
  for (const { at, ms } of restored) {
    const away = plan.filter((fault) => fault.kind === 'clients half-open');
    expect(away.some((fault) => fault.at === at + ms && fault.ms > ms)).toBe(true);
  }
});
