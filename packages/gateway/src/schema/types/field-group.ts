import type { FieldGroup as FieldGroupName } from '../../config/access.ts';
import { builder } from '../builder.ts';

export const FieldGroup = builder.enumType('FieldGroup', {
  description: 'Fields of an event that a role shows or not, as `fields` of a role names them.',
  values: {
    IDENTITY: {
      value: 'identity',
      description: '`identityId`, `identityName`, `groupName`, `identityInfo` and `extra`.',
    },
    FACE: { value: 'face', description: '`faceImage`.' },
    SCENE: { value: 'scene', description: '`sceneImage`.' },
    REGISTERED: { value: 'registered', description: '`registeredImage`.' },
  } satisfies Record<Uppercase<FieldGroupName>, { value: FieldGroupName; description: string }>,
});
