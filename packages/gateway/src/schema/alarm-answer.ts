import type { AlarmId } from '../journal/alarm/alarm.ts';
import { checkLength } from './argument-length.ts';
import type { AlarmAnswer } from './context.ts';

/** Characters of an idempotency key. */
export const MAX_KEY = 128;
/** Characters of the name of an assignee. */
export const MAX_ASSIGNEE = 100;
/** Characters of a note. */
export const MAX_NOTE = 1_000;

export interface AnswerArgs {
  readonly id: string;
  readonly key: string;
  readonly assignee?: string | null | undefined;
  readonly text?: string | null | undefined;
}

/**
 * What a mutation asks to do to an alarm.
 *
 * @throws {GatewayError} BAD_USER_INPUT for a text that is empty or too long.
 */
export function checkedAnswer(
  action: AlarmAnswer['action'],
  { id, key, assignee, text }: AnswerArgs,
): AlarmAnswer {
  checkLength('key', key, MAX_KEY);
  if (assignee != null) checkLength('assignee', assignee, MAX_ASSIGNEE);
  if (text != null) checkLength(action === 'CLOSE' ? 'note' : 'text', text, MAX_NOTE);
  return {
    alarm: id as AlarmId,
    action,
    key,
    ...(assignee != null && { assignee }),
    ...(text != null && { text }),
  };
}
