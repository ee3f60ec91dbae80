import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { follow, type Project } from './support/project.ts';
import { setStage, TOKEN } from './support/stage.ts';

/** Begins to run the script, until the test ends. */
function start({ path }: Project) {
  const child = spawn(process.execPath, ['src/record.ts'], {
    cwd: path,
    env: { ...process.env, SE5_TOKEN: TOKEN },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    /** Settles when it has recorded this person. */
    recorded: async (name: string) => {
      for (;;) {
        const { done, value } = await lines.next();
        if (done) throw new Error(`it ended before it recorded ${name}`);
        if (value.endsWith(` ${name}`)) return;
      }
    },
    end: (signal: NodeJS.Signals) => end(child, signal),
    [Symbol.asyncDispose]: () => end(child, 'SIGKILL'),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill(signal);
  await closed;
}

test('a script records each event once, with its picture, over a kill and a restart', async () => {
  await using stage = await setStage();
  await using project = await follow(stage.url, 'node.md');
  expect(project.commands).toEqual(['SE5_TOKEN=… node src/record.ts']);
  expect(await project.typeErrors()).toBe('');

  await stage.pass('Before 1', 'Before 2');
  {
    await using script = start(project);
    await script.recorded('Before 2');
    await stage.picturesWanted();
    await stage.pass('Live');
    await script.recorded('Live');
    await script.end('SIGKILL');
  }
  await stage.pass('While it was dead 1', 'While it was dead 2');
  await using script = start(project);
  await script.recorded('While it was dead 2');
  stage.cutOff();
  await stage.restart();
  await stage.pass('While it was cut off');
  stage.restore();
  await script.recorded('While it was cut off');
  await script.end('SIGTERM');

  using database = new DatabaseSync(join(project.path, 'events.db'));
  const rows = database.prepare('SELECT id, name FROM events ORDER BY position').all();
  expect(rows.map(({ name }) => name)).toEqual([
    'Before 1',
    'Before 2',
    'Live',
    'While it was dead 1',
    'While it was dead 2',
    'While it was cut off',
  ]);
  expect(readdirSync(join(project.path, 'faces'))).toContain(`${rows[2]?.['id']}.jpg`);
});
