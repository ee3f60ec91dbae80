import { expect, it } from 'vitest';
import { type ProcessFacts, wrappersOf } from '../src/wrappers.ts';

const GATEWAY = ['node', '--conditions=@se5/source', 'main.ts'];
const PNPM = ['node', '/home/desk/.npm/_npx/1/node_modules/.bin/pnpm', 'gateway'];
const SH = ['sh', '-c', "'pnpm' gateway"];
const NPX = ['npm exec pnpm@10.34.9 gateway', '', ''];
const LOGIN = ['-bash'];
const INIT = ['/sbin/init'];

/** Processes of one session, each the parent of the one before it; the last is pid 1. */
const ancestry =
  (...processes: string[][]) =>
  (pid: number): ProcessFacts | undefined => {
    const at = processes.length - pid;
    const args = processes[at];
    return args && { args, parent: pid - 1, session: 7 };
  };

it.each([
  ['npx, sh and pnpm', [GATEWAY, PNPM, SH, NPX, LOGIN, INIT], [5, 4, 3]],
  ['npx and pnpm', [GATEWAY, PNPM, NPX, LOGIN, INIT], [4, 3]],
  ['pnpm', [GATEWAY, PNPM, LOGIN, INIT], [3]],
  ['pnpm as pid 1', [GATEWAY, PNPM], [1]],
  ['npm run', [GATEWAY, SH, ['npm run gateway'], LOGIN, INIT], [4, 3]],
  ['a plain shell', [GATEWAY, LOGIN, INIT], []],
  ['a shell with a command', [GATEWAY, ['/bin/bash', '-c', 'x'], INIT], []],
  ['pnpm in a shell with a command', [GATEWAY, PNPM, ['/bin/sh', '-c', 'x'], INIT], [3]],
  ['init', [GATEWAY, INIT], []],
  ['a program in a folder of pnpm', [GATEWAY, ['node', '/x/pnpm/vitest.js'], INIT], []],
])('started through %s', (_, processes, pids) => {
  expect(wrappersOf(processes.length, ancestry(...processes))).toEqual(pids);
});

it('a process in a session of its own has no wrappers', () => {
  const read = ancestry(GATEWAY, PNPM, NPX, LOGIN, INIT);
  const alone = (pid: number) => {
    const facts = read(pid);
    return facts && pid === 5 ? { ...facts, session: 5 } : facts;
  };
  expect(wrappersOf(5, alone)).toEqual([]);
});

it('a process that has ended has no wrappers', () => {
  expect(wrappersOf(9, () => undefined)).toEqual([]);
});
