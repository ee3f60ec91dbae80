import { expect, test } from 'vitest';
import { follow } from './support/project.ts';
import { startScript } from './support/script.ts';
import { setStage } from './support/stage.ts';

test.each([
  [['typed-operations.md'], "import { DoorsOfSiteDocument as doors } from './gql/graphql.ts';"],
  [
    ['README.md', 'gql-tada.md'],
    `import { graphql, textOf } from './graphql.ts';
     const doors = textOf(graphql('query Doors($siteId: ID!) { devices(siteIds: [$siteId]) { id } }'));`,
  ],
])('%s: the types of operations hold, and their script runs', async (recipes, mistake) => {
  await using stage = await setStage();
  await using project = await follow(stage.url, ...recipes);
  const { commands } = project;
  expect(commands.at(-1)).toBe('SE5_TOKEN=… node src/watch-doors.ts');
  for (const command of commands.slice(0, -1)) await project.run(command);

  expect(await project.typeErrors()).toBe('');
  await project.write(
    'src/mistake.ts',
    `import { createClient } from '@se5/client';
     ${mistake}
     await createClient({ url: '' }).query(doors, { siteId: 'hq' });
     await createClient({ url: '' }).query(doors);`,
  );
  expect(await project.typeErrors()).toMatch(/^src\/mistake\.ts\(\d+,\d+\): error TS2554: .*\n$/);

  const script = startScript(project, process.execPath, 'src/watch-doors.ts');
  for (const _device of stage.box.devices) expect(await script.line()).toMatch(/ of Lobby$/);
  stage.box.setRate(50);
  expect(await script.line()).toMatch(/^\d{4}-.*Z .+: [A-Z]+ /);
  await script.end('SIGKILL');
});
