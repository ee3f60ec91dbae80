import { builder } from '../builder.ts';

export interface AlarmNoteShape {
  readonly text: string;
  readonly by: string;
  readonly at: number;
}

export const AlarmNote = builder.objectRef<AlarmNoteShape>('AlarmNote').implement({
  description: 'What somebody wrote about an alarm.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The text, 1 to 1,000 characters.' }),
    by: t.exposeString('by', {
      description: 'Who wrote it: the name of the token, or the `sub` of a JSON Web Token.',
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When, by the gateway’s clock.' }),
  }),
});
