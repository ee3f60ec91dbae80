import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { follow } from './support/project.ts';
import { startScript } from './support/script.ts';
import { setStage } from './support/stage.ts';

test('a script records each event once, with its picture, over a kill and a restart', async () => {
  await using stage = await setStage();
  await using project = await follow(stage.url, 'node.md');
  expect(project.commands).toEqual(['SE5_TOKEN=… node src/record.ts']);
  expect(await project.typeErrors()).toBe('');

  await stage.pass('Before 1', 'Before 2');
  const first = startScript(project, process.execPath, 'src/record.ts');
  await first.printed('Before 2');
  await stage.picturesWanted();
  await stage.pass('Live');
  await first.printed('Live');
  await first.end('SIGKILL');
  await stage.pass('While it was dead 1', 'While it was dead 2');
  const script = startScript(project, process.execPath, 'src/record.ts');
  await script.printed('While it was dead 2');
  stage.cutOff();
  await stage.restart();
  await stage.pass('While it was cut off');
  stage.restore();
  await script.printed('While it was cut off');
  await stage.picturesWanted();
  // Only the WebSocket is open: the picture needs a connection of its own.
  stage.refuse();
  await stage.pass('Without its picture');
  await script.printed('Without its picture');
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
    'Without its picture',
  ]);
  const faces = readdirSync(join(project.path, 'faces'));
  expect(faces).toContain(`${rows[2]?.['id']}.jpg`);
  expect(faces).not.toContain(`${rows[6]?.['id']}.jpg`);
});
