import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';

const engineSchema = z.templateLiteral(['>=', z.int(), '.', z.int()]);
const packageSchema = z.object({ engines: z.object({ node: engineSchema }) });

const PACKAGES = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs an installed command as if Node were of that version. */
function runAs(version: string, bin: string) {
  const versions = `{ value: { ...process.versions, node: ${JSON.stringify(version)} } }`;
  const pretence = `Object.defineProperty(process, "versions", ${versions})`;
  const args = [`--import=data:text/javascript,${encodeURIComponent(pretence)}`, bin, '--version'];
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, args, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

it.each([
  ['gateway', 'se5-gateway'],
  ['simulator', 'se5-simulate'],
])('an old Node is told in one line what %s needs', async (folder, command) => {
  const text = await readFile(`${PACKAGES}${folder}/package.json`, 'utf8');
  const needed = packageSchema.parse(JSON.parse(text)).engines.node.slice(2);
  const bin = `${PACKAGES}${folder}/bin/${command}.js`;
  const [major = 0, minor = 0] = needed.split('.').map(Number);
  const tooOld = ['18.20.4', '20.20.2', `${major - 1}.99.0`, `${major}.${minor - 1}.99`];
  for (const version of tooOld) {
    expect(await runAs(version, bin)).toEqual({
      code: 1,
      stdout: '',
      stderr: `${command}: this is Node ${version}; needed is Node ${needed} or newer. Install it from https://nodejs.org, and run this again.\n`,
    });
  }
  for (const version of [`${needed}.0`, `${major}.${minor + 1}.0`, `${major + 1}.0.0`]) {
    expect((await runAs(version, bin)).stderr).not.toContain('this is Node');
  }
});

it.each(['gateway/bin/se5-gateway.js', 'simulator/bin/se5-simulate.js'])(
  '%s imports nothing before it has looked',
  async (bin) => {
    const text = await readFile(`${PACKAGES}${bin}`, 'utf8');
    expect(text).not.toMatch(/^import|`|=>|\bconst\b|\blet\b|\?\.|\?\?/m);
  },
);
