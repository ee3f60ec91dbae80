import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClientError } from '../src/errors.ts';
import {
  type ClientState,
  type ReconnectPolicy,
  type StateInput,
  transition,
} from '../src/state.ts';

const policy: ReconnectPolicy = { backoffMs: { min: 500, max: 30_000 }, stableAfterMs: 10_000 };
const lost = new ClientError('NETWORK', 'lost');
const refused = new ClientError('UNAUTHENTICATED', 'refused');

const at = fc.nat({ max: 1e6 });
const input: fc.Arbitrary<StateInput> = fc.oneof(
  fc.constantFrom<StateInput>({ type: 'wanted' }, { type: 'unwanted' }, { type: 'retry' }),
  fc.record({ type: fc.constant('acknowledged' as const), at }),
  fc.record({
    type: fc.constant('lost' as const),
    at,
    error: fc.constantFrom(lost, refused),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    mendable: fc.constant(false),
  }),
);
const history = fc.array(input, { maxLength: 40 });

const after = (inputs: readonly StateInput[]): ClientState =>
  inputs.reduce<ClientState>((state, next) => transition(state, next, policy), { name: 'idle' });

describe('the state of the connection', () => {
  test('goes from nothing to live, and on through a loss', () => {
    const names: string[] = [];
    let state: ClientState = { name: 'idle' };
    for (const next of [
      { type: 'wanted' },
      { type: 'acknowledged', at: 0 },
      { type: 'lost', at: 1, error: lost, random: 0, mendable: false },
      { type: 'retry' },
      { type: 'acknowledged', at: 600 },
      { type: 'unwanted' },
      { type: 'dispose' },
    ] satisfies StateInput[]) {
      state = transition(state, next, policy);
      names.push(state.name);
    }
    expect(names).toEqual([
      'connecting',
      'live',
      'waiting',
      'connecting',
      'live',
      'idle',
      'stopped',
    ]);
  });

  test('never leaves stopped', () => {
    fc.assert(
      fc.property(history, input, (inputs, next) => {
        const stopped = after([...inputs, { type: 'dispose' }]);
        expect(stopped).toEqual({ name: 'stopped' });
        expect(transition(stopped, next, policy)).toBe(stopped);
      }),
    );
  });

  test('is the same object when nothing changes', () => {
    fc.assert(
      fc.property(history, input, (inputs, next) => {
        const state = after(inputs);
        const changed = transition(state, next, policy);
        if (changed !== state) expect(changed.name).not.toBe(state.name);
      }),
    );
  });

  test('fails only for what asking again cannot mend, and waits for everything else', () => {
    fc.assert(
      fc.property(history, (inputs) => {
        const state = after(inputs);
        if (state.name === 'failed') expect(state.error.retryable).toBe(false);
        if (state.name === 'waiting') expect(state.reason.retryable).toBe(true);
      }),
    );
  });

  test('waits after a refusal that another token may mend', () => {
    const refusal = { type: 'lost', at: 1, error: refused, random: 0 } as const;
    const connecting = after([{ type: 'wanted' }]);
    expect(transition(connecting, { ...refusal, mendable: true }, policy)).toMatchObject({
      name: 'waiting',
      reason: refused,
    });
    expect(transition(connecting, { ...refusal, mendable: false }, policy).name).toBe('failed');
  });

  test('waits within the bounds of the back-off', () => {
    fc.assert(
      fc.property(
        history,
        at,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (inputs, now, random) => {
          const state = transition(
            after(inputs),
            { type: 'lost', at: now, error: lost, random, mendable: false },
            policy,
          );
          if (state.name !== 'waiting' || after(inputs).name === 'waiting') return;
          expect(state.retryAt - now).toBeGreaterThanOrEqual(policy.backoffMs.min);
          expect(state.retryAt - now).toBeLessThanOrEqual(policy.backoffMs.max);
        },
      ),
    );
  });

  test('counts attempts on until a connection was stable', () => {
    const drop = (liveFor: number, state: ClientState): ClientState =>
      [
        { type: 'acknowledged', at: 0 },
        { type: 'lost', at: liveFor, error: lost, random: 0, mendable: false },
        { type: 'retry' },
      ].reduce((s, next) => transition(s, next as StateInput, policy), state);
    const first = after([{ type: 'wanted' }]);
    const second = drop(9_999, first);
    expect([first, second]).toEqual([
      { name: 'connecting', attempt: 1 },
      { name: 'connecting', attempt: 2 },
    ]);
    expect(drop(10_000, second)).toEqual({ name: 'connecting', attempt: 1 });
  });
});
