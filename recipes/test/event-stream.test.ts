import { link, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { follow } from './support/project.ts';
import { startScript } from './support/script.ts';
import { setStage } from './support/stage.ts';

const lineSchema = z.object({
  data: z.object({ recognitionEvents: z.object({ identityName: z.string() }) }),
});
const nameIn = (line: string): string =>
  lineSchema.parse(JSON.parse(line)).data.recognitionEvents.identityName;

test('a shell follows events over a cut, a restart of the gateway, and a kill', async () => {
  await using stage = await setStage();
  await using project = await follow(stage.url, 'event-stream.md');
  expect(project.commands).toEqual(['SE5_TOKEN=… sh follow.sh']);
  const first = startScript(project, 'sh', 'follow.sh');
  await stage.picturesWanted();
  await stage.pass('Live');
  expect(nameIn(await first.line())).toBe('Live');

  stage.cutOff();
  await stage.restart();
  await stage.pass('Missed 1', 'Missed 2');
  stage.restore();
  expect(nameIn(await first.line())).toBe('Missed 1');
  expect(nameIn(await first.line())).toBe('Missed 2');
  await stage.pass('Live again');
  expect(nameIn(await first.line())).toBe('Live again');
  await first.end('SIGKILL');

  const [cursor, before] = [join(project.path, 'cursor'), join(project.path, 'before')];
  const kept = await readFile(cursor, 'utf8');
  await link(cursor, before);
  await stage.pass('While it was dead');
  const second = startScript(project, 'sh', 'follow.sh');
  await second.printed('While it was dead');
  await stage.pass('After it was dead');
  await second.printed('After it was dead');
  await second.end('SIGKILL');
  expect(await readFile(cursor, 'utf8')).not.toBe(kept);
  // Another file has taken its place: at no time was there an empty one.
  expect(await readFile(before, 'utf8')).toBe(kept);
});

test('the script ends when it would be refused again', async () => {
  await using stage = await setStage();
  await using project = await follow(stage.url, 'event-stream.md');
  const refused = async (command: string) =>
    expect(await startScript(project, 'sh', '-c', command).ended(), command).toBe(1);
  await refused('SE5_TOKEN=wrong sh follow.sh');
  await refused("sed 's/occurredAt/noField/' follow.sh | sh");
  await project.write('cursor', 'of another gateway');
  await refused('sh follow.sh');
});
