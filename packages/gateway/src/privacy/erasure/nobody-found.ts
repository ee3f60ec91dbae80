/** There was nothing to erase of the person; the message is for the user, and does not say who it is. */
export class NobodyFound extends Error {
  override readonly name = 'NobodyFound';
}
