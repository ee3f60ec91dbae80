import type { GraphQLSchema } from 'graphql';
import { boundLists } from './bounded-lists.ts';
import { builder } from './builder.ts';
import './types/date-time.ts';
import './types/json.ts';
import './types/query.ts';
import './types/people.ts';
import './types/viewer.ts';
import './types/mutation.ts';
import './types/erasing.ts';
import './types/subscription.ts';

/** Fields and values stay in the order of their definitions, which is one to read them in. */
export function buildSchema(): GraphQLSchema {
  return boundLists(builder.toSchema({ sortSchema: false }));
}
