import { type Simulator, startSimulator } from '@se5/simulator';
import { demoSites } from './sites.ts';

/** The boxes of the demonstration, by their ids. */
export interface SimulatedSites extends AsyncDisposable {
  readonly simulators: ReadonlyMap<string, Simulator>;
}

/** @param rate Recognitions per second over all boxes together. */
export async function simulateSites({
  rate,
  seed,
}: {
  readonly rate: number;
  readonly seed: number;
}): Promise<SimulatedSites> {
  await using resources = new AsyncDisposableStack();
  const boxes = demoSites.flatMap((site) => site.boxes);
  const simulators = new Map<string, Simulator>();
  for (const [index, { id, devices }] of boxes.entries()) {
    const simulator = await startSimulator({
      devices,
      seed: seed + index,
      ratePerSecond: rate / boxes.length,
    });
    simulators.set(id, resources.use(simulator));
  }
  const owned = resources.move();
  return { simulators, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
