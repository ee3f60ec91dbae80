import { expect, it } from 'vitest';
import { larges } from '../../support/failover.ts';
import { appendAll, entry, holdSqliteJournal } from '../../support/journals.ts';

/** 5 MiB: of the file, one step looks at 1 MiB. */
const GROWTH = larges(240);

/** Far more steps than the file has at first. */
const MANY = 30;

it('ends though the file grows faster than its pages are looked at', async () => {
  await using held = await holdSqliteJournal();
  const { journal } = held;
  await appendAll(journal, [entry({ identityId: 'gone' }), ...larges(100)]);
  const appends: Promise<unknown>[] = [];
  let steps = 0;
  const observer = {
    going: async () => {},
    progress({ phase }: { readonly phase: string }) {
      if (phase !== 'pages') return;
      steps += 1;
      if (steps > MANY) return;
      for (const { event } of GROWTH.filter((each) => each.kind === 'event')) {
        appends.push(journal.append(entry({ extra: event.extra })));
      }
    },
  };
  expect(await journal.erase({ kind: 'identity', identityId: 'gone' }, observer)).toBe(1);
  expect(steps).toBeLessThan(MANY);
  await Promise.all(appends);
});
