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

  await stage.pass('While it was dead');
  const second = startScript(project, 'sh', 'follow.sh');
  await second.printed('While it was dead');
  await second.end('SIGKILL');
});
