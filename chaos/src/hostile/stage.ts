import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayProcess } from '../world/gateway-process.ts';
import type { SentEvent } from '../world/sent-event.ts';
import { SimulatedBox } from '../world/simulated-box.ts';
import { Attackers } from './attackers.ts';
import { honestKinds } from './honest.ts';
import type { HostilePorts } from './process-messages.ts';

/** Made anew for each run would be no better: it is known to the attackers' parent alone. */
const TOKEN = 'chaos-hostile-0123456789abcdef';

/** Honest boxes, attackers in processes of their own, and the gateway in one of its own. */
export interface Stage extends AsyncDisposable {
  readonly boxes: readonly SimulatedBox[];
  /** All that the honest boxes said; an event's serial number is its index. */
  readonly sent: readonly SentEvent[];
  readonly clients: Attackers;
  readonly hostileBoxes: Attackers;
  readonly gateway: GatewayProcess;
  readonly url: string;
  readonly port: number;
  readonly token: string;
}

/**
 * Settles when the gateway listens to all honest boxes, which say nothing yet.
 *
 * @param log is told of the warnings and errors of the gateway's log.
 */
export async function setStage(
  seed: number,
  signal: AbortSignal,
  log: (line: string) => void,
): Promise<Stage> {
  await using parts = new AsyncDisposableStack();
  const sent: SentEvent[] = [];
  const boxes: SimulatedBox[] = [];
  for (const kind of honestKinds(seed)) boxes.push(parts.use(await SimulatedBox.start(kind, sent)));
  const clients = parts.use(await Attackers.start('client-process.ts'));
  const hostileBoxes = parts.use(await Attackers.start('box-process.ts'));
  const folder = await mkdtemp(join(tmpdir(), 'se5-hostile-'));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const configFile = join(folder, 'gateway.yaml');
  await writeFile(
    configFile,
    configOf(boxes, await hostileBoxes.boxes, join(folder, 'journal.db')),
  );
  const logFile = join(folder, 'gateway.log');
  await writeFile(logFile, '');
  const gateway = parts.use(
    await GatewayProcess.start({
      configFile,
      logFile,
      aheadMs: 0,
      log: (level, message) => {
        if (level !== 'info') log(`gateway ${level}: ${message}`);
      },
    }),
  );
  const port = await gateway.port();
  await Promise.all(boxes.map((box) => box.listened(signal)));
  const all = parts.move();
  return {
    boxes,
    sent,
    clients,
    hostileBoxes,
    gateway,
    port,
    url: `http://127.0.0.1:${port}`,
    token: TOKEN,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** All as it is by default, but where things are, and the token that attackers guess at. JSON is YAML. */
const configOf = (
  honest: readonly SimulatedBox[],
  hostile: readonly HostilePorts[],
  journal: string,
): string =>
  JSON.stringify({
    listen: '127.0.0.1:0',
    access: { token: TOKEN },
    sites: [
      {
        id: 'honest',
        boxes: honest.map((box) => ({
          id: box.kind.boxId,
          host: '127.0.0.1',
          eventPort: box.network(0).events.port,
          apiPort: box.network(0).api.port,
        })),
      },
      { id: 'hostile', boxes: hostile.map((ports) => ({ ...ports, host: '127.0.0.1' })) },
    ],
    journal: { path: journal },
  });
