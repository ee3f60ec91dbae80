import { type Recognition, type Simulator, startSimulator } from '@se5/simulator';
import { pastDay } from './past-day.ts';
import { demoSites } from './sites.ts';

/** The boxes of the demonstration, by their ids. */
export interface SimulatedSites extends AsyncDisposable {
  readonly simulators: ReadonlyMap<string, Simulator>;
}

export interface SimulationOptions {
  /** Recognitions per second over all boxes together. */
  readonly rate: number;
  /** Recognitions of the last 24 hours that the boxes have stored, all together. */
  readonly past: number;
  /** What is drawn from. */
  readonly seed: number;
}

export async function simulateSites({
  rate,
  past,
  seed,
}: SimulationOptions): Promise<SimulatedSites> {
  await using resources = new AsyncDisposableStack();
  const boxes = demoSites.flatMap((site) => site.boxes);
  const until = Date.now();
  const simulators = new Map<string, Simulator>();
  for (const [index, { id, devices }] of boxes.entries()) {
    const own = { seed: seed + index, count: Math.round(past / boxes.length), until };
    const simulator = resources.use(await startSimulator({ devices, seed: own.seed }));
    const stored = pastDay(own).map((given) => simulator.store(given));
    void begin(simulator, rate / boxes.length, stored);
    simulators.set(id, simulator);
  }
  const owned = resources.move();
  return { simulators, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** When nothing of the past was asked for in so many ms, the rest is not waited for. */
const QUIET_MS = 30_000;

/** Begins to tell live once the past has been read, so that the history is in the order of time. */
async function begin(
  simulator: Simulator,
  rate: number,
  stored: readonly Recognition[],
): Promise<void> {
  const pictures = stored
    .flatMap(({ pictures: { face, scene, registered } }) => [face, scene, registered])
    .filter((picture) => picture !== '').length;
  for (let read = 0; read < pictures; read = simulator.pictureRequests) {
    const quiet = AbortSignal.timeout(QUIET_MS);
    try {
      await simulator.until(({ pictureRequests }) => pictureRequests > read, { signal: quiet });
    } catch {
      if (quiet.aborted) break;
      return; // It was disposed first.
    }
  }
  simulator.setRate(rate);
}
