import { stopCause, surviveOutputErrors } from '@se5/command';
import { help, readArguments, UsageError } from './arguments.ts';
import { launch } from './launch.ts';
import { launchCluster } from './launch-cluster.ts';

/** Whoever holds up the end for longer is left behind. */
const stopWithinMs = 5_000;

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2), process.env);
  if (options === 'help') {
    process.stdout.write(`${help}\n`);
    return;
  }
  const stopped = stopCause({ impatient: () => process.exit(1), other() {} });

  const onStep = (step: string) => process.stdout.write(`${step} …\n`);
  const launched = options.isCluster
    ? await launchCluster({ ...options, onStep, onGateway, onFailure })
    : await launch({ ...options, onStep });
  process.stdout.write(
    [
      '',
      `  Event wall   ${launched.url}`,
      ...launched.others.map((url) => `          or   ${url}`),
      `  GraphiQL     ${launched.url}/graphql`,
      '',
      '  For your own boxes:  npx -y pnpm@10.34.9 gateway --config FILE  (docs/install.md)',
      '  Ctrl-C stops it all.',
      '',
      '',
    ].join('\n'),
  );
  await stopped;
  setTimeout(() => process.exit(1), stopWithinMs).unref();
  await launched[Symbol.asyncDispose]();
}

function onGateway({ name, pid }: { readonly name: string; readonly pid: number }): void {
  process.stdout.write(`  ${name} runs; to see the wall go on without it:  kill -9 ${pid}\n`);
}

function onFailure(error: unknown): void {
  process.stderr.write(`start: ${explain(error)}; trying again in 10 s\n`);
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `port ${process.env['PORT'] ?? 4000} is taken by another process; choose one with PORT=N in front`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

surviveOutputErrors();
await main().catch((error: unknown) => {
  process.exitCode = 1;
  process.stderr.write(`start: ${explain(error)}\n`);
});
