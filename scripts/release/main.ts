import { globSync, mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Arguments, parseArguments, UsageError } from './arguments.ts';
import { checkRelease } from './check.ts';
import { readPublicPackages } from './packages.ts';
import { type Circumstances, refusals } from './refusals.ts';
import { CommandError, run, show } from './run.ts';
import { table } from './table.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** It publishes with `pnpm publish` what the registry has not, and tags the versions in git. */
const PUBLISH = ['exec', 'changeset', 'publish'];

const began = performance.now();

function step(name: string): void {
  const seconds = (performance.now() - began) / 1000;
  console.log(`${seconds.toFixed(1).padStart(6)} s  ${name}`);
}

function circumstances(): Circumstances {
  return {
    changes: run('git', ['status', '--porcelain'], ROOT).split('\n').filter(Boolean),
    changesets: globSync('*.md', { cwd: join(ROOT, '.changeset'), exclude: ['README.md'] }),
    user: npmUser(),
  };
}

function npmUser(): string | undefined {
  try {
    return run('npm', ['whoami'], ROOT).trim();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return undefined;
  }
}

/** What speaks against the release, one text each; nothing when all went well. */
async function release({ dryRun, offline }: Arguments): Promise<readonly string[]> {
  const packages = readPublicPackages(ROOT);
  const versions = packages.map(({ manifest }) => `${manifest.name}@${manifest.version}`);
  console.log(`To publish, in this order: ${versions.join(', ')}`);
  console.log(`The command: pnpm ${PUBLISH.join(' ')}${dryRun ? ' (not in a dry run)' : ''}`);

  if (!dryRun) {
    const reasons = refusals(circumstances());
    if (reasons.length > 0) return reasons;
    step('run every check');
    show('pnpm', ['test'], ROOT);
  }

  using folder = mkdtempDisposableSync(join(tmpdir(), 'release-'));
  const source = offline ? 'checkout' : 'registry';
  const report = await checkRelease(ROOT, packages, { source, folder: folder.path, step });
  console.log(`\n${table(report.packages)}\n`);
  if (report.problems.length > 0) return report.problems;

  if (!dryRun) {
    step('publish');
    show('pnpm', PUBLISH, ROOT);
  }
  return [];
}

try {
  const problems = await release(parseArguments(process.argv.slice(2)));
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) {
    console.log('Nothing speaks against a release');
  } else {
    console.error(`Nothing was published: ${problems.length} things speak against it`);
    process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof CommandError || error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
