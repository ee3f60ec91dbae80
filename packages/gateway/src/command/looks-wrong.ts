/** The command could look, and something looks wrong; each line of the message says what. */
export class LooksWrong extends Error {
  override readonly name = 'LooksWrong';
}
