import SchemaBuilder from '@pothos/core';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import type { JsonValue } from '@se5/core';
import type { GraphQLContext } from './context.ts';

/** Fields are non-null unless they say otherwise. DateTime is ms since the Unix epoch in code. */
export const builder = new SchemaBuilder<{
  Context: GraphQLContext;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: number; Output: number };
    JSON: { Input: JsonValue; Output: JsonValue };
  };
}>({ plugins: [DataloaderPlugin], defaultFieldNullability: false });
