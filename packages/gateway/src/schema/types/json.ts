import { builder } from '../builder.ts';

builder.scalarType('JSON', {
  description: 'Any JSON value: object, list, string, number, boolean or null.',
  serialize: (value) => value,
});
