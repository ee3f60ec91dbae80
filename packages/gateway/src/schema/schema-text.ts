import { GraphQLSchema, printSchema } from 'graphql';
import { buildSchema } from './schema.ts';

/** The schema in GraphQL's own language: what schema.graphql holds. */
export function schemaText(): string {
  // Without the list of types, they are printed in the order in which Query and Subscription lead to them.
  const schema = new GraphQLSchema({ ...buildSchema().toConfig(), types: [] });
  return `${printSchema(schema)}\n`;
}
