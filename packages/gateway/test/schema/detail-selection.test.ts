import { describe, expect, it, vi } from 'vitest';
import { InsideGraphQL } from '../support/graphql.ts';
import { holdSqliteJournal } from '../support/journals.ts';
import { nextIn } from '../support/results.ts';

const EXTRA = { note: 'x'.repeat(10_000) };
const SHOWN = { extra: EXTRA, identityInfo: { dept: 'HR' } };

describe('the long fields of events', () => {
  it.each([
    ['id', 'plain', {}],
    ['extra', 'full', { extra: EXTRA }],
    ['identityInfo', 'full', { identityInfo: SHOWN.identityInfo }],
    ['long: extra', 'full', { long: EXTRA }],
    ['extra: groupName', 'plain', {}],
    ['extra @skip(if: true)', 'plain', {}],
    ['...Outer', 'full', { extra: EXTRA }],
  ])('are read where they are selected: "%s" reads %s', async (selection, detail, shown) => {
    await using held = await holdSqliteJournal();
    const { journal } = held;
    const read = vi.spyOn(journal, 'read');
    const history = vi.spyOn(journal, 'history');
    await using gateway = new InsideGraphQL({ journal });
    const { cursor } = gateway.inside;
    await gateway.inside.event(SHOWN);
    const fragments = selection.startsWith('...')
      ? 'fragment Outer on RecognitionEvent { ... { ...Inner } } fragment Inner on RecognitionEvent { extra }'
      : '';
    const stream = await gateway.subscribe(
      `subscription { recognitionEvents(after: "${cursor}") { deviceIp ${selection} } } ${fragments}`,
    );
    expect(await nextIn(stream, 'recognitionEvents')).toMatchObject(shown);
    await stream.return();
    expect(read.mock.calls.map((args) => args[2])).toEqual([detail]);

    const { data, errors } = await gateway.ask(
      `{ recognitionEvents { edges { node { deviceIp ${selection} } } } } ${fragments}`,
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({ recognitionEvents: { edges: [{ node: shown }] } });
    expect(history.mock.calls.map(([query]) => query.detail)).toEqual([detail]);
  });
});
