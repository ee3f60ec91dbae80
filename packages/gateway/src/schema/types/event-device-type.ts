import type { EventDeviceType as Type } from '@se5/core';
import { builder } from '../builder.ts';

const values = {
  GATE: { description: 'A gate or turnstile.' },
  CAPTURE: { description: 'A capture camera, which cuts faces out by itself.' },
  IPC_STILL: { description: 'A network camera, of people who stand still.' },
  IPC_MOVING: { description: 'A network camera, of people who walk.' },
  ACCESS_CONTROL: { description: 'A door’s access control.' },
  UNKNOWN: { description: 'A kind that the protocol does not name.' },
} satisfies Record<Type, { description: string }>;

export const EventDeviceType = builder.enumType('EventDeviceType', {
  description: 'The kind of device that saw the face.',
  values,
});
