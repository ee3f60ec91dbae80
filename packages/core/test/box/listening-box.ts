import { type SimulatorOptions, startSimulator } from '@se5/simulator';
import { Box } from '../../src/box/box.ts';
import type { BoxOptions } from '../../src/box/options.ts';
import { optionsFor, Recorder } from './recorder.ts';

/** A box over a simulator that has been told what to send, and who sees what comes of it. */
export async function listeningBox(
  options: Partial<BoxOptions> = {},
  simulated: SimulatorOptions = {},
) {
  await using parts = new AsyncDisposableStack();
  const simulator = parts.use(await startSimulator(simulated));
  const seen = new Recorder();
  const box = parts.use(new Box({ ...optionsFor(simulator), ...options }, seen));
  box.start();
  await simulator.until(({ configurations }) => configurations.length === 1);
  const all = parts.move();
  return { simulator, seen, box, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
