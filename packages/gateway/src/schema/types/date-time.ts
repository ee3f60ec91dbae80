import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { builder } from '../builder.ts';

const isoDateTime = z.iso.datetime({ offset: true });

builder.scalarType('DateTime', {
  description:
    'A point in time in ISO 8601. Output: UTC with milliseconds, ' +
    '`2026-01-31T08:30:00.000Z`. Input: with any offset, which is required, ' +
    '`2026-01-31T16:30:00+08:00`; digits after the milliseconds are ignored.',
  serialize: (ms) => new Date(ms).toISOString(),
  parseValue: (value) => {
    const { success, data } = isoDateTime.safeParse(value);
    if (success) return Date.parse(data);
    throw new GraphQLError(
      'A DateTime is an ISO 8601 string with its offset, such as "2026-01-31T08:30:00.000Z".',
    );
  },
});
