import { startSimulator } from '@se5/simulator';
import { expect, test } from 'vitest';
import { listen } from './test-client.ts';

test('a condition that holds already is settled at once', async () => {
  await using simulator = await startSimulator();

  await simulator.until(({ connections }) => connections === 0);
});

test('a condition is asked again with every connection, configuration and recognition', async () => {
  await using simulator = await startSimulator();
  const configured = simulator.until(
    ({ configurations }) => configurations.at(-1)?.needFace === true,
  );
  const recognised = simulator.until(({ sent }) => sent.length === 2);

  {
    await using _client = await listen(simulator, { need_face: true });
    await configured;
    simulator.emit();
    simulator.emit();
    await recognised;
  }

  await simulator.until(({ connections }) => connections === 0);
  expect(simulator.connectionsAccepted).toBe(1);
});

test('who waited in vain is told how things stand', async () => {
  await using simulator = await startSimulator();
  await using _client = await listen(simulator, { need_face: true });
  simulator.emit();

  const stop = new AbortController();
  const waiting = simulator.until(() => false, { signal: stop.signal });
  stop.abort();

  await expect(waiting).rejects.toThrow(
    'What was waited for did not happen: 1 connections open, 1 ever, 0 device requests, ' +
      '0 requests for stored events, 0 for pictures, ' +
      '1 recognitions, 0 invalid and 1 valid configurations, ' +
      'the last with need_face true, need_register false and 4 devices',
  );
});

test('an aborted signal rejects at once', async () => {
  await using simulator = await startSimulator();

  await expect(simulator.until(() => false, { signal: AbortSignal.abort() })).rejects.toThrow(
    'did not happen',
  );
});

test('what a condition throws goes to who waits for it, and to nobody else', async () => {
  await using simulator = await startSimulator();
  const broken = simulator.until(({ sent }) => {
    if (sent.length > 0) throw new Error('The condition is broken');
    return false;
  });
  const sound = simulator.until(({ sent }) => sent.length > 0);

  const outcomes = Promise.allSettled([broken, sound]);
  simulator.emit();

  expect(await outcomes).toMatchObject([
    { status: 'rejected', reason: { message: 'The condition is broken' } },
    { status: 'fulfilled' },
  ]);
});

test('who still waits when the simulator is closed is told so', async () => {
  const simulator = await startSimulator();
  const waiting = simulator.until(() => false);

  await Promise.all([
    expect(waiting).rejects.toMatchObject({ cause: { message: 'The simulator was closed' } }),
    simulator[Symbol.asyncDispose](),
  ]);
});
