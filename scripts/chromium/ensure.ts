import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findChromium } from './find-chromium.ts';

const APT_GET = ['-qq', '-o', 'DPkg::Lock::Timeout=120'];

function isRootOnDebian(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

function aptGet(...words: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', [...APT_GET, ...words], { env, stdio: 'inherit' }).status === 0;
}

if (findChromium() === undefined && !process.env['CHROMIUM_PATH'] && isRootOnDebian()) {
  console.log("No Chromium here: installing Debian's");
  if (aptGet('update')) aptGet('install', '--yes', '--no-install-recommends', 'chromium');
}

const path = findChromium();
if (path === undefined) {
  console.error(
    'The browser tests need Chromium: install it (on Debian `apt-get install chromium`) or set CHROMIUM_PATH to its executable',
  );
  process.exitCode = 1;
} else {
  console.log(`Chromium for the browser tests: ${path}`);
}
