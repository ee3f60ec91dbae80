import { expect, it } from 'vitest';
import { GatewayError, LoggedError } from '../../src/errors.ts';
import { createToPublicError } from '../../src/graphql/errors.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { watchedTelemetry } from '../support/telemetry.ts';

/** Thrown at one place each, with what must not be in a log. */
const first = () => new TypeError('Visitor 12 stood at the gate');
const second = () => new TypeError('Visitor 12 stood at the gate');

const errorIdOf = (error: unknown): string => {
  if (!(error instanceof LoggedError)) throw new TypeError('it has no id');
  return error.errorId;
};

it('failures are counted one by one, and those at one place share a line and its id', async () => {
  const { fanout, lines, metrics } = watchedTelemetry();
  const ids = [first(), first(), first()].map((error) => errorIdOf(fanout.failed(error, 'ended')));
  // All three are thrown at the same place.
  expect(new Set(ids).size).toBe(1);
  const other = errorIdOf(fanout.failed(second(), 'ended'));
  fanout.failed(second(), 'retried');
  expect(lines).toMatchObject([
    { level: 'error', fields: { errorId: ids[0], error: 'TypeError' } },
    { level: 'error', fields: { errorId: other } },
    { level: 'error', message: expect.stringContaining('read it from the journal') },
  ]);
  expect(JSON.stringify(lines)).not.toContain('Visitor');
  const text = await metrics.render();
  expect(text).toMatch(/^se5_fanout_failures_total\{outcome="ended"\} 4$/m);
  expect(text).toMatch(/^se5_fanout_failures_total\{outcome="retried"\} 1$/m);
});

it('what a subscription ends with shows the id of the line, and is not logged again', () => {
  const { fanout } = watchedTelemetry();
  const failure = fanout.failed(first(), 'ended');
  const { logger, lines } = recordedLog();
  expect(createToPublicError(logger)(failure).extensions).toMatchObject({
    code: 'INTERNAL_SERVER_ERROR',
    errorId: errorIdOf(failure),
  });
  expect(lines).toEqual([]);
});

it('what the gateway says on purpose is passed on, and is no failure', async () => {
  const { fanout, lines, metrics } = watchedTelemetry();
  const goingAway = new GatewayError('SHUTTING_DOWN', 'the journal has been closed');
  expect(fanout.failed(goingAway, 'ended')).toBe(goingAway);
  expect(lines).toEqual([]);
  expect(await metrics.render()).toMatch(/^se5_fanout_failures_total\{outcome="ended"\} 0$/m);
});

it('a listener of the journal that throws is a line in a while', () => {
  const { journal, lines } = watchedTelemetry();
  for (let record = 0; record < 3; record += 1) journal.listenerFailed(first());
  expect(lines).toMatchObject([{ level: 'error', fields: { error: 'TypeError' } }]);
});
