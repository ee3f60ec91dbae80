import { stopCause, surviveOutputErrors } from '@se5/command';
import { help, readArguments, UsageError } from './arguments.ts';
import { launch } from './launch.ts';

/** Whoever holds up the end for longer is left behind. */
const stopWithinMs = 5_000;

async function main(): Promise<void> {
  const options = readArguments(process.argv.slice(2), process.env);
  if (options === 'help') {
    process.stdout.write(`${help}\n`);
    return;
  }
  const stopped = stopCause({ impatient: () => process.exit(1), other() {} });

  const launched = await launch({
    ...options,
    onStep: (step) => process.stdout.write(`${step} …\n`),
  });
  process.stdout.write(
    [
      '',
      `  Event wall   ${launched.url}`,
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
