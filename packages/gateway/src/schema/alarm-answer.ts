import { GatewayError } from '../errors.ts';
import type { AlarmId } from '../journal/alarm/alarm.ts';
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
  check('key', key, MAX_KEY);
  if (assignee != null) check('assignee', assignee, MAX_ASSIGNEE);
  if (text != null) check(action === 'CLOSE' ? 'note' : 'text', text, MAX_NOTE);
  return {
    alarm: id as AlarmId,
    action,
    key,
    ...(assignee != null && { assignee }),
    ...(text != null && { text }),
  };
}

function check(name: string, { length }: string, most: number): void {
  if (length >= 1 && length <= most) return;
  const message = `${name} must have 1 to ${most} characters; found ${length}.`;
  throw new GatewayError('BAD_USER_INPUT', message);
}
