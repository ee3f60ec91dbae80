import { readFileSync } from 'node:fs';
import { checkLockfile, checkSettings } from './check-lockfile.ts';

const read = (file: string): string =>
  readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

const unlocked = checkLockfile(read('pnpm-lock.yaml'));
const unsafe = ['pnpm-workspace.yaml', 'package.json'].flatMap((file) =>
  checkSettings(file, read(file)),
);
for (const problem of [...unlocked, ...unsafe]) console.error(problem);
if (unlocked.length > 0)
  console.error('Run `pnpm install` with the public registry and no lockfile-include-tarball-url');
if (unsafe.length > 0)
  console.error('Depend on packages that hold what they need, and on no others');
if (unlocked.length + unsafe.length > 0) process.exitCode = 1;
