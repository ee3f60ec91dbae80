import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';
import { findChromium } from '../chromium/find-chromium.ts';

function folderWith(...commands: string[]) {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'chromium-'));
  for (const command of commands) writeFileSync(join(folder.path, command), '', { mode: 0o755 });
  return folder;
}

test('the first browser on the PATH is taken', () => {
  using other = folderWith('google-chrome', 'unrelated');
  using wanted = folderWith('google-chrome', 'chromium');
  const PATH = [other.path, wanted.path].join(delimiter);
  expect(findChromium({ PATH })).toBe(join(other.path, 'google-chrome'));
  expect(findChromium({ PATH: wanted.path })).toBe(join(wanted.path, 'chromium'));
});

test('CHROMIUM_PATH beats the PATH, and is not replaced when nothing is there', () => {
  using folder = folderWith('chromium', 'mine');
  const mine = join(folder.path, 'mine');
  expect(findChromium({ PATH: folder.path, CHROMIUM_PATH: mine })).toBe(mine);
  expect(findChromium({ PATH: folder.path, CHROMIUM_PATH: `${mine}-gone` })).toBeUndefined();
});

test('what cannot be run is passed over', () => {
  using folder = folderWith('google-chrome');
  mkdirSync(join(folder.path, 'chromium'));
  writeFileSync(join(folder.path, 'chromium-browser'), '', { mode: 0o644 });
  expect(findChromium({ PATH: folder.path })).toBe(join(folder.path, 'google-chrome'));
});
