import fc from 'fast-check';
import { parse, validateSubscriptionArgs } from 'graphql';
import { describe, expect, it } from 'vitest';
import { shapeKey } from '../../src/fanout/shape-key.ts';
import { buildSchema } from '../../src/schema/schema.ts';
import { anySubscription, write } from '../support/selections.ts';

const schema = buildSchema();

function keyOf(source: string, variableValues: Record<string, unknown> = {}): string {
  const operation = validateSubscriptionArgs({ schema, document: parse(source), variableValues });
  if (!('schema' in operation)) throw new Error(String(operation));
  return shapeKey(operation, 'open');
}

describe('the key of a shape', () => {
  it('is equal for two writings of one selection', () => {
    fc.assert(
      fc.property(anySubscription(schema), fc.gen(), fc.gen(), (subscription, one, other) => {
        const keys = [one, other].map((choose) =>
          shapeKey(write(subscription, choose, schema), 'open'),
        );
        expect(keys[0]).toBe(keys[1]);
      }),
      { numRuns: 150 },
    );
  });

  it('differs when the answers do', () => {
    fc.assert(
      fc.property(
        anySubscription(schema),
        anySubscription(schema),
        fc.gen(),
        (one, other, choose) => {
          fc.pre(JSON.stringify(one) !== JSON.stringify(other));
          const keys = [one, other].map((each) => shapeKey(write(each, choose, schema), 'open'));
          expect(keys[0]).not.toBe(keys[1]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('differs for viewers who may not see the same', () => {
    const document = parse('subscription { recognitionEvents { id } }');
    const operation = validateSubscriptionArgs({ schema, document });
    if (!('schema' in operation)) throw new Error(String(operation));
    expect(shapeKey(operation, 'open')).not.toBe(shapeKey(operation, 'token'));
  });

  it.each([
    ['order', '{ id score }', '{ score id }'],
    ['alias', '{ id }', '{ key: id }'],
    ['field under one alias', '{ a: identityId }', '{ a: identityName }'],
    ['order below', '{ box { id name } }', '{ box { name id } }'],
    ['order after merging', '{ box { id } score box { name } }', '{ score box { id name } }'],
    [
      'selection below an alias',
      '{ a: box { id } b: box { name } }',
      '{ a: box { id } b: box { id } }',
    ],
  ])('differs by %s', (_, one, other) => {
    const document = (fields: string) => `subscription { recognitionEvents ${fields} }`;
    expect(keyOf(document(one))).not.toBe(keyOf(document(other)));
  });

  it('goes by the value of a condition, not by how it is given', () => {
    const conditional =
      'subscription ($v: Boolean!) { recognitionEvents { id score @include(if: $v) } }';
    const both = keyOf('subscription { recognitionEvents { id score } }');
    const one = keyOf('subscription { recognitionEvents { id } }');
    expect(keyOf(conditional, { v: true })).toBe(both);
    expect(keyOf(conditional, { v: false })).toBe(one);
  });

  it('takes what is left out for what it stands for', () => {
    const plain = keyOf('subscription { recognitionEvents { id } }');
    expect(keyOf('subscription { recognitionEvents(withImages: false) { id } }')).toBe(plain);
    expect(keyOf('subscription { recognitionEvents(withImages: true) { id } }')).not.toBe(plain);
  });

  it('leaves out what only routes, literal or variable', () => {
    const plain = keyOf('subscription { recognitionEvents { id } }');
    const literal = '(deviceIds: ["a"], after: "b", filter: { minScore: 0.5 })';
    expect(keyOf(`subscription { recognitionEvents${literal} { id } }`)).toBe(plain);
    const variable = `subscription ($d: [ID!], $f: RecognitionEventFilter, $a: String) {
      recognitionEvents(filter: $f, after: $a, deviceIds: $d) { id }
    }`;
    expect(keyOf(variable, { d: ['x'], f: { siteIds: [] }, a: 'c' })).toBe(plain);
  });

  it('tells operations apart that treat errors differently', () => {
    const plain = keyOf('subscription { recognitionEvents { id } }');
    const document = parse('subscription { recognitionEvents { id } }');
    const operation = validateSubscriptionArgs({ schema, document });
    if (!('schema' in operation)) throw new Error(String(operation));
    expect(shapeKey({ ...operation, errorPropagation: false }, 'open')).not.toBe(plain);
  });
});
