import { readFile } from 'node:fs/promises';
import {
  buildASTSchema,
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  print,
  printSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../src/schema/schema.ts';

const contract = fromSdl(await readFile(new URL('./contract.graphql', import.meta.url), 'utf8'));
const schema = fromSdl(printSchema(buildSchema()));

function fromSdl(sdl: string): GraphQLSchema {
  return buildASTSchema(parse(sdl, { noLocation: true }));
}

/** One line for each thing that a client may rely on. */
function* promises(type: GraphQLNamedType): Generator<string> {
  yield `${type.name} is a ${type.constructor.name}`;
  if (isEnumType(type)) for (const { name } of type.getValues()) yield `${type.name}.${name}`;
  if (isInputObjectType(type)) {
    for (const { name, type: of } of Object.values(type.getFields()))
      yield `${type.name}.${name}: ${of}`;
  }
  if (isObjectType(type)) {
    for (const field of Object.values(type.getFields())) {
      yield `${type.name}.${field.name}: ${field.type}`;
      for (const arg of field.args) yield `${type.name}.${field.name}(${signature(arg)})`;
    }
  }
}

const signature = ({ name, type, default: value }: GraphQLArgument): string =>
  `${name}: ${type}${value?.literal ? ` = ${print(value.literal)}` : ''}`;

const described = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);

describe('the schema', () => {
  it.each(Object.values(contract.getTypeMap()).filter((type) => !type.name.startsWith('__')))(
    'has all of %s that clients were promised, of the same types and defaults',
    (promised) => {
      const actual = schema.getType(promised.name);
      expect(actual && [...promises(actual)]).toEqual(
        expect.arrayContaining([...promises(promised)]),
      );
    },
  );

  it.each(described)('describes %s, and all that is in it', (type) => {
    const undescribed: string[] = [];
    const check = (name: string, { description }: { description?: string | null | undefined }) => {
      if (!description?.trim()) undescribed.push(name);
    };
    check(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) check(value.name, value);
    if (isInputObjectType(type) || isObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        check(field.name, field);
        if ('args' in field) for (const arg of field.args) check(`${field.name}(${arg.name})`, arg);
      }
    }
    expect(undescribed).toEqual([]);
  });
});
