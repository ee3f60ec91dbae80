import { checkLength } from '../argument-length.ts';
import { builder } from '../builder.ts';
import { Erasure } from './erasure.ts';

/** Characters of a person's id. */
const MAX_IDENTITY = 256;

const ALLOWED =
  'Needs a role with `erase`, else NOT_ALLOWED, and reaches all sites, whatever else the role may see.';

builder.mutationFields((t) => ({
  erasePerson: t.field({
    type: Erasure,
    description:
      'Erases a person: forgets the key that sealed their events and pictures, in every copy. PERSON_NOT_FOUND when ' +
      `the gateway has nothing of this person. ${ALLOWED}`,
    args: {
      identityId: t.arg.string({
        required: true,
        description: `\`RecognitionEvent.identityId\`, 1 to ${MAX_IDENTITY} characters.`,
      }),
    },
    resolve: (_root, { identityId }, { erase }) => {
      checkLength('identityId', identityId, MAX_IDENTITY);
      return erase({ kind: 'identity', identityId });
    },
  }),
  eraseBefore: t.field({
    type: Erasure,
    description: `Erases all events and pictures from before a time; a time to come means now. ${ALLOWED}`,
    args: {
      time: t.arg({
        type: 'DateTime',
        required: true,
        description: 'Of the day of this time itself, what is older is deleted; its key stays.',
      }),
    },
    resolve: (_root, { time }, { erase }) => erase({ kind: 'before', time }),
  }),
}));
