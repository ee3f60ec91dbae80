/** It could not be done as it was asked for; the message is for the user. */
export class ErasureFailed extends Error {
  override readonly name = 'ErasureFailed';
}
