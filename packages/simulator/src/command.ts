import { stopCause, surviveOutputErrors } from '@se5/command';
import { HELP, parseArguments } from './arguments.ts';
import { FaultPlan } from './fault-plan.ts';
import { type Simulator, startSimulator } from './simulator.ts';
import { UsageError } from './usage-error.ts';

/** In a terminal one line is kept up to date; elsewhere a line is written now and then. */
const PROGRESS_MS = { terminal: 1000, elsewhere: 60_000 };

const showProgress = (simulator: Simulator): Disposable => {
  const { isTTY } = process.stdout;
  const timer = setInterval(
    () => {
      const line = `${simulator.recognitions} events, ${simulator.connections} connected`;
      process.stdout.write(isTTY ? `\r\u001b[K${line}` : `${line}\n`);
    },
    isTTY ? PROGRESS_MS.terminal : PROGRESS_MS.elsewhere,
  );
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      if (isTTY) process.stdout.write('\n');
    },
  };
};

const main = async (argv: readonly string[]): Promise<void> => {
  const parsed = parseArguments(argv);
  if (parsed.help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const stopped = stopCause({ impatient: () => process.exit(1), other() {} });
  const broken = Promise.withResolvers<void>();

  await using simulator = await startSimulator(parsed.options);
  const { host, eventPort, apiPort } = simulator;
  process.stdout.write(
    `Events   ws://${host}:${eventPort}\nDevices  http://${host}:${apiPort}/SophonDevice/api/Devices\n`,
  );
  using _plan = new FaultPlan(simulator.faults, parsed.faults, (error) => {
    report(error);
    broken.resolve();
  });
  using _progress = showProgress(simulator);
  await Promise.race([stopped, broken.promise]);
};

const report = (error: unknown): void => {
  process.exitCode = 1;
  process.stderr.write(`simulate: ${explain(error)}\n`);
};

const explain = (error: unknown): string => {
  if (error instanceof UsageError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE' && 'port' in error) {
    return `port ${String(error.port)} is taken by another process; choose others with --event-port and --api-port`;
  }
  return error.message;
};

surviveOutputErrors();
await main(process.argv.slice(2)).catch(report);
