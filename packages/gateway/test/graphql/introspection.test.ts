import { describe, expect, it } from 'vitest';
import { OPEN_VIEWER } from '../../src/access/roles.ts';
import type { Openness } from '../../src/config/config.ts';
import { InsideGraphQL } from '../support/graphql.ts';

const SCHEMA = '{ __schema { queryType { name } } }';
const TYPE = 'query { ...Rest } fragment Rest on Query { type: __type(name: "Box") { name } }';

const codesOf = async (introspection: Openness | undefined, query: string) => {
  await using gateway = new InsideGraphQL({
    ...(introspection !== undefined && { introspection }),
  });
  const { errors = [] } = await gateway.ask(query);
  return errors.map(({ extensions }) => extensions?.['code']);
};

describe('what the schema holds', () => {
  it.each([undefined, true] as const)('is told with introspection: %s', async (introspection) => {
    expect(await codesOf(introspection, SCHEMA)).toEqual([]);
    expect(await codesOf(introspection, TYPE)).toEqual([]);
  });

  it.each([false, 'authenticated'] as const)(
    'is not told to a viewer without a credential with introspection: %s',
    async (introspection) => {
      expect(await codesOf(introspection, SCHEMA)).toEqual(['INTROSPECTION_DISABLED']);
      expect(await codesOf(introspection, TYPE)).toEqual(['INTROSPECTION_DISABLED']);
    },
  );

  it('is told to a viewer with a credential with introspection: authenticated', async () => {
    await using gateway = new InsideGraphQL({ introspection: 'authenticated' });
    const { pipeline, connect } = gateway.graphql;
    const sink = { event() {}, outbox: { level: 'clear', isUnflushed: false } } as never;
    expect(
      pipeline.prepare({ query: SCHEMA }, connect({ ...OPEN_VIEWER, kind: 'credential' }), sink),
    ).toHaveProperty('document');
  });

  it('is told by no suggestion either', async () => {
    const unknownField = '{ boxs { id } }';
    const unknownEnum = '{ recognitionEvents(filter: { personTypes: [STRANGR] }) { __typename } }';
    const unknownInput = {
      query: 'query ($f: RecognitionEventFilter) { recognitionEvents(filter: $f) { __typename } }',
      variables: { f: { boxIdz: [] } },
    };
    for (const [introspection, suggestions] of [
      [true, 3],
      [false, 0],
    ] as const) {
      await using gateway = new InsideGraphQL({ introspection });
      const answers = [
        await gateway.ask(unknownField),
        await gateway.ask(unknownEnum),
        await gateway.ask(unknownInput.query, unknownInput.variables),
      ];
      for (const { errors = [] } of answers) expect(errors).toHaveLength(1);
      const told = answers.filter(({ errors = [] }) =>
        /did you mean/i.test(JSON.stringify(errors)),
      );
      expect(told).toHaveLength(suggestions);
    }
  });

  it('does not count __typename', async () => {
    expect(await codesOf(false, '{ __typename boxes { __typename id } }')).toEqual([]);
  });
});
