/** How much of a log is kept, in characters. */
const KEPT = 65_536;

/** The last lines that a server logged. */
export class ServerLog {
  #text = '';

  add(line: string): void {
    this.#text += `${line}\n`;
    // Half as much again, so that a long log is not copied for each line.
    if (this.#text.length > KEPT * 1.5) this.#text = this.text;
  }

  /** Its end, at most 65,536 characters. */
  get text(): string {
    return this.#text.slice(-KEPT);
  }
}
