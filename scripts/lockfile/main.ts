import { readFileSync } from 'node:fs';
import { checkLockfile } from './check-lockfile.ts';

const problems = checkLockfile(
  readFileSync(new URL('../../pnpm-lock.yaml', import.meta.url), 'utf8'),
);
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error('Run `pnpm install` with the public registry and no lockfile-include-tarball-url');
  process.exitCode = 1;
}
