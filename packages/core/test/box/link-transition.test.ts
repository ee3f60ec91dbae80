import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LinkState } from '../../src/box/link-state.ts';
import { type LinkInput, transition } from '../../src/box/link-transition.ts';
import { BoxError } from '../../src/protocol/errors.ts';

const error = new BoxError('CLOSED', 'the box went away');
const at = 2_000;

const states = {
  STOPPED: { name: 'STOPPED', since: 1 },
  CONNECTING: {
    name: 'CONNECTING',
    since: 1,
    attemptedAt: 2,
    attempts: 3,
    lastError: undefined,
  },
  LIVE: { name: 'LIVE', since: 1 },
  SILENT: { name: 'SILENT', since: 1 },
  BACKING_OFF: {
    name: 'BACKING_OFF',
    since: 1,
    attemptedAt: 2,
    attempts: 3,
    retryAt: 1_500,
    lastError: error,
  },
} as const satisfies Record<LinkState['name'], LinkState>;

const inputs = {
  start: { type: 'start', at },
  configured: { type: 'configured', at },
  unlisted: { type: 'unlisted', error },
  event: { type: 'event', at },
  silence: { type: 'silence', at },
  failed: { type: 'failed', at, error, attempts: 4, retryAt: 2_500 },
  retry: { type: 'retry', at },
  stop: { type: 'stop', at },
} as const satisfies Record<LinkInput['type'], LinkInput>;

const live: LinkState = { name: 'LIVE', since: at };
const silent: LinkState = { name: 'SILENT', since: at };
const stopped: LinkState = { name: 'STOPPED', since: at };
const lost = {
  name: 'BACKING_OFF',
  since: at,
  attemptedAt: undefined,
  attempts: 4,
  retryAt: 2_500,
  lastError: error,
} as const satisfies LinkState;
const notBack: LinkState = { ...lost, since: 1, attemptedAt: 2 };
const first: LinkState = {
  name: 'CONNECTING',
  since: at,
  attemptedAt: at,
  attempts: 1,
  lastError: undefined,
};
const unlisted: LinkState = { ...states.CONNECTING, lastError: error };
const again: LinkState = { ...unlisted, attemptedAt: at, attempts: 4 };

const table: Record<LinkState['name'], Partial<Record<LinkInput['type'], LinkState>>> = {
  STOPPED: { start: first },
  CONNECTING: { configured: live, unlisted, failed: notBack, stop: stopped },
  LIVE: { silence: silent, failed: lost, stop: stopped },
  SILENT: { event: live, failed: lost, stop: stopped },
  BACKING_OFF: { retry: again, stop: stopped },
};

const cases = Object.values(states).flatMap((state) =>
  Object.values(inputs).map((input) => ({
    from: state.name,
    input: input.type,
    state,
    given: input,
    to: table[state.name][input.type],
  })),
);

describe('transition', () => {
  it.each(cases.filter(({ to }) => to !== undefined))(
    'takes $from with $input to $to.name',
    ({ state, given, to }) => {
      expect(transition(state, given)).toEqual(to);
    },
  );

  it.each(cases.filter(({ to }) => to === undefined))(
    'gives back the same object for $from with $input',
    ({ state, given }) => {
      expect(transition(state, given)).toBe(state);
    },
  );

  const anyInput: fc.Arbitrary<LinkInput> = fc.constantFrom(...Object.values(inputs));

  it('reaches every state from the first one', () => {
    const seen = new Set<string>(['STOPPED']);
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 8 }), (sequence) => {
        sequence.reduce<LinkState>((state, input) => {
          const next = transition(state, input);
          seen.add(next.name);
          return next;
        }, states.STOPPED);
      }),
      { numRuns: 500, seed: 1 },
    );
    expect(seen).toEqual(new Set(Object.keys(states)));
  });

  it('stays stopped whatever comes, save a start', () => {
    const running = anyInput.filter(({ type }) => type !== 'start');
    fc.assert(
      fc.property(fc.array(running), (sequence) => {
        expect(sequence.reduce<LinkState>(transition, states.STOPPED)).toBe(states.STOPPED);
      }),
    );
  });

  it('dates an absence from its beginning, however many attempts follow', () => {
    const { unlisted: _, ...moving } = inputs;
    let at = 0;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Object.values(moving))), (sequence) => {
        sequence.reduce<LinkState>((state, input) => {
          at += 1;
          const next = transition(state, { ...input, at });
          if (next === state) return next;
          expect(next.name).not.toBe(state.name);
          const isStillAway = 'attempts' in state && 'attempts' in next;
          expect(next.since).toBe(isStillAway ? state.since : at);
          return next;
        }, states.STOPPED);
      }),
    );
  });
});
