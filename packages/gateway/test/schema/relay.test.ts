import {
  buildSchema,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  printSchema,
} from 'graphql';
import { expect, it } from 'vitest';
import { buildSchema as buildGatewaySchema } from '../../src/schema/schema.ts';

type Fields = Readonly<Record<string, GraphQLField<unknown, unknown>>>;

const printed = buildSchema(printSchema(buildGatewaySchema()));

const CONNECTION = /Connection$/;

const fieldsOf = (schema: GraphQLSchema, name: string): Fields => {
  const type = schema.getType(name);
  return isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
};

const typeIn = (fields: Fields, name: string): string => String(fields[name]?.type ?? 'missing');

/** What breaks the rules of Relay's specifications of cursor connections and object identification. */
function* violations(schema: GraphQLSchema): Generator<string> {
  yield* pageInfoViolations(schema);
  yield* nodeViolations(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || !isObjectType(type)) continue;
    if (CONNECTION.test(type.name)) yield* connectionViolations(schema, type.name);
    for (const field of Object.values(type.getFields())) {
      if (CONNECTION.test(getNamedType(field.type).name)) {
        yield* pagingViolations(`${type.name}.${field.name}`, field);
      }
    }
  }
}

function* pageInfoViolations(schema: GraphQLSchema): Generator<string> {
  const fields = fieldsOf(schema, 'PageInfo');
  const expected = {
    hasNextPage: 'Boolean!',
    hasPreviousPage: 'Boolean!',
    startCursor: 'String',
    endCursor: 'String',
  };
  for (const [name, type] of Object.entries(expected)) {
    if (typeIn(fields, name) !== type) yield `PageInfo.${name} is ${typeIn(fields, name)}`;
  }
}

function* connectionViolations(schema: GraphQLSchema, name: string): Generator<string> {
  const { edges, pageInfo } = fieldsOf(schema, name);
  if (String(pageInfo?.type) !== 'PageInfo!') yield `${name}.pageInfo is ${pageInfo?.type}`;
  const edge = edges && getNamedType(edges.type);
  if (!edges || !isListType(getNullableType(edges.type)) || !isObjectType(edge)) {
    yield `${name}.edges is ${edges?.type}`;
    return;
  }
  const { cursor, node } = edge.getFields();
  if (String(cursor?.type) !== 'String!') yield `${edge.name}.cursor is ${cursor?.type}`;
  if (!node || isListType(getNullableType(node.type))) yield `${edge.name}.node is ${node?.type}`;
}

function* pagingViolations(
  name: string,
  { type, args }: GraphQLField<unknown, unknown>,
): Generator<string> {
  const types = new Map(args.map((arg) => [arg.name, String(arg.type)]));
  const has = (size: string, cursor: string) => {
    const isSome = types.has(size) || types.has(cursor);
    const isRight = types.get(size) === 'Int' && types.get(cursor) === 'String';
    return { isSome, isRight };
  };
  const [forward, backward] = [has('first', 'after'), has('last', 'before')];
  if (isListType(getNullableType(type))) yield `${name} is a list of connections`;
  if (!forward.isSome && !backward.isSome) yield `${name} has no page arguments`;
  if (forward.isSome && !forward.isRight) yield `${name} lacks first: Int or after: String`;
  if (backward.isSome && !backward.isRight) yield `${name} lacks last: Int or before: String`;
}

function* nodeViolations(schema: GraphQLSchema): Generator<string> {
  const node = schema.getType('Node');
  if (!isInterfaceType(node) || Object.keys(node.getFields()).join() !== 'id') {
    yield 'Node is no interface with id alone';
    return;
  }
  const { node: one, nodes } = fieldsOf(schema, 'Query');
  const signature = (field: GraphQLField<unknown, unknown> | undefined) =>
    `(${field?.args.map((arg) => `${arg.name}: ${arg.type}`).join()}): ${field?.type}`;
  if (signature(one) !== '(id: ID!): Node') yield `Query.node is ${signature(one)}`;
  if (signature(nodes) !== '(ids: [ID!]!): [Node]!') yield `Query.nodes is ${signature(nodes)}`;
  // Relay's store takes every `id` for one that no other object has.
  for (const type of Object.values(schema.getTypeMap())) {
    const id = isObjectType(type) ? type.getFields()['id'] : undefined;
    const isNode = isObjectType(type) && type.getInterfaces().includes(node);
    if (id && !isNode) yield `${type.name} has an id and is no Node`;
    if (isNode && String(id?.type) !== 'ID!') yield `${type.name}.id is ${id?.type}`;
  }
}

it('the schema has connections and nodes as Relay expects them', () => {
  expect([...violations(printed)]).toEqual([]);
  const names = Object.keys(printed.getTypeMap()).filter((name) => CONNECTION.test(name));
  expect(names.toSorted()).toEqual([
    ...['AlarmConnection', 'PersonConnection', 'RecognitionEventConnection'],
  ]);
});

it('a schema that breaks a rule is found', () => {
  const broken = buildSchema(`
    type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean startCursor: String }
    interface Node { id: ID! }
    type Door { id: ID! }
    type Lock implements Node { id: ID! }
    type LockEdge { node: [Lock] cursor: Int! }
    type LockConnection { edges: [LockEdge] pageInfo: PageInfo }
    type DoorConnection { edges: Door pageInfo: PageInfo! }
    type Query {
      node(id: String!): Node
      nodes(ids: [ID!]!): [Node]!
      locks(first: Int): LockConnection
      doors: DoorConnection
      more(first: Int, after: String, last: Int): [LockConnection]
    }`);
  expect([...violations(broken)].toSorted()).toEqual(
    [
      'PageInfo.hasPreviousPage is Boolean',
      'PageInfo.endCursor is missing',
      'Query.node is (id: String!): Node',
      'Door has an id and is no Node',
      'LockEdge.node is [Lock]',
      'LockEdge.cursor is Int!',
      'LockConnection.pageInfo is PageInfo',
      'DoorConnection.edges is Door',
      'Query.locks lacks first: Int or after: String',
      'Query.doors has no page arguments',
      'Query.more is a list of connections',
      'Query.more lacks last: Int or before: String',
    ].toSorted(),
  );
});
