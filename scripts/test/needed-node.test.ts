import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { NEEDED_NODE, nodeProblem } from '../vitest/needed-node.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifestSchema = z.object({ engines: z.object({ node: z.string() }) });

test('the tests need the Node that the gateway needs', () => {
  const manifest = readFileSync(join(root, 'packages/gateway/package.json'), 'utf8');
  expect(manifestSchema.parse(JSON.parse(manifest)).engines.node).toBe(`>=${NEEDED_NODE}`);
});

test.each(['24.9.0', '24.21.0', '25.0.0'])('Node %s runs the tests', (version) => {
  expect(nodeProblem(version)).toBeUndefined();
});

test.each(['20.20.2', '22.99.0', '24.8.1'])('Node %s is told what is needed', (version) => {
  expect(nodeProblem(version)).toMatch(/need Node 24\.9 .* this is Node \d+\.\d+\.\d+\. Run `npx /);
});

test('vitest, called by its path with an old Node, ends with one line', () => {
  const pretence =
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } })';
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      `--import=data:text/javascript,${encodeURIComponent(pretence)}`,
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      'no test has this path, should vitest begin',
    ],
    { cwd: join(root, 'packages/gateway'), encoding: 'utf8' },
  );
  expect(stdout.trim()).toBe('');
  expect(stderr).toBe(`${nodeProblem('20.20.2')}\n`);
  expect(status).toBe(1);
});
