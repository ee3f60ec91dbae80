import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ClientError } from '../src/errors.ts';
import {
  type ClientState,
  type ReconnectPolicy,
  type Retry,
  type StateInput,
  transition,
} from '../src/state.ts';

const policy: ReconnectPolicy = { backoffMs: { min: 500, max: 30_000 }, stableAfterMs: 10_000 };
const lost = new ClientError('NETWORK', 'lost');
const refused = new ClientError('UNAUTHENTICATED', 'refused');
const url = 'http://127.0.0.1:4000';

const at = fc.nat({ max: 1e6 });
const input: fc.Arbitrary<StateInput> = fc.oneof(
  fc.constantFrom<StateInput>({ type: 'wanted' }, { type: 'unwanted' }, { type: 'retry' }),
  fc.record({ type: fc.constant('acknowledged' as const), at, url: fc.constant(url) }),
  fc.record({
    type: fc.constant('lost' as const),
    at,
    error: fc.constantFrom(lost, refused),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    retry: fc.constantFrom<Retry>('at once', 'later', 'never'),
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
      { type: 'acknowledged', at: 0, url },
      { type: 'lost', at: 1, error: lost, random: 0, retry: 'later' },
      { type: 'retry' },
      { type: 'acknowledged', at: 600, url },
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

  test('waits after a loss with its reason, and fails only where no retry can help', () => {
    const loss = { type: 'lost', at: 1, error: refused, random: 0 } as const;
    const connecting = after([{ type: 'wanted' }]);
    for (const retry of ['at once', 'later'] as const) {
      const state = transition(connecting, { ...loss, retry }, policy);
      expect(state).toMatchObject({ name: 'waiting', reason: refused });
    }
    const failed = transition(connecting, { ...loss, retry: 'never' }, policy);
    expect(failed).toEqual({ name: 'failed', error: refused });
  });

  test('does not wait where the next attempt is at once, and counts it as the same attempt', () => {
    const connecting = after([{ type: 'wanted' }]);
    const loss = { type: 'lost', at: 7, error: lost, random: 0, retry: 'at once' } as const;
    const atOnce = { name: 'waiting', attempt: 1, retryAt: 7, reason: lost };
    expect(transition(connecting, loss, policy)).toEqual(atOnce);
    const live = after([{ type: 'wanted' }, { type: 'acknowledged', at: 7, url }]);
    expect(transition(live, loss, policy)).toEqual(atOnce);
  });

  test('names the gateway that a live connection is with', () => {
    const live = after([{ type: 'wanted' }, { type: 'acknowledged', at: 7, url }]);
    expect(live).toEqual({ name: 'live', attempt: 1, since: 7, url });
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
            { type: 'lost', at: now, error: lost, random, retry: 'later' },
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
        { type: 'acknowledged', at: 0, url },
        { type: 'lost', at: liveFor, error: lost, random: 0, retry: 'later' },
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
