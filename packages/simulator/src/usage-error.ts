/** What was typed cannot be done; the message is one line that says what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
