import type { PersonType as Type } from '@se5/core';
import { builder } from '../builder.ts';

const values = {
  EMPLOYEE: { description: 'Also what a box means when it names no type.' },
  VISITOR: { description: 'Enrolled as a visitor.' },
  BLACKLIST: { description: 'Enrolled as not welcome.' },
  STRANGER: { description: 'Nobody who is enrolled.' },
  VIP: { description: 'Enrolled as a very important person.' },
  UNKNOWN: { description: 'A type that the protocol does not name.' },
} satisfies Record<Type, { description: string }>;

export const PersonType = builder.enumType('PersonType', {
  description: 'Whom the box took the face for.',
  values,
});
