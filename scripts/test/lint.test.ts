import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const PLANTED = `
declare function save(): Promise<void>;
export function forget(): void {
  save();
}
export function name(state: 'live' | 'silent'): string {
  switch (state) {
    case 'live':
      return 'Live';
  }
  return '';
}
`;

// The type-aware half of oxlint says nothing at all when it can't make a program of the files.
test('the linter uses types: it finds a floating promise and a switch that is not exhaustive', () => {
  using tree = mkdtempDisposableSync(join(tmpdir(), 'lint-'));
  copyFileSync(join(root, '.oxlintrc.json'), join(tree.path, '.oxlintrc.json'));
  copyFileSync(join(root, 'tsconfig.base.json'), join(tree.path, 'tsconfig.base.json'));
  writeFileSync(
    join(tree.path, 'tsconfig.json'),
    JSON.stringify({
      extends: './tsconfig.base.json',
      compilerOptions: { rootDir: '.', types: [] },
    }),
  );
  writeFileSync(join(tree.path, 'planted.ts'), PLANTED);
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format=unix'], {
    cwd: tree.path,
    encoding: 'utf8',
  });
  expect(stdout).toContain('planted.ts:4:3');
  expect(stdout).toContain('typescript(no-floating-promises)');
  expect(stdout).toContain('planted.ts:7:11');
  expect(stdout).toContain('typescript(switch-exhaustiveness-check)');
  expect(status).toBe(1);
});
