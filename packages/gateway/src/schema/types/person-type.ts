import type { PersonType as Type } from '@se5/core';
import { builder } from '../builder.ts';

const values = {
  EMPLOYEE: { description: 'An employee. Also the type of an event without a type.' },
  VISITOR: { description: 'Enrolled as a visitor.' },
  BLACKLIST: { description: 'Enrolled as not welcome.' },
  STRANGER: { description: 'Not enrolled.' },
  VIP: { description: 'Enrolled as a very important person.' },
  UNKNOWN: { description: 'A type that the protocol does not name.' },
} satisfies Record<Type, { description: string }>;

export const PersonType = builder.enumType('PersonType', {
  description: 'The type of person that the box recognised.',
  values,
});
