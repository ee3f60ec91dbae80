import { randomUUID } from 'node:crypto';
import type { Picture } from '@se5/core';

/**
 * Keeps pictures out of the text of one answer: where a picture's base64 belongs, the answer
 * gets a mark, and once it is text, it is cut at the marks to put the pictures' bytes between.
 *
 * A mark cannot be guessed, so nothing that a box says can be taken for one.
 */
export class PictureSplice {
  #mark = '';
  #slices: Buffer[] = [];

  /** What stands for the picture's base64 in the answer, as a string. */
  readonly textOf = ({ base64 }: Picture): string => {
    this.#mark ||= `${randomUUID()}/`;
    return this.#mark + (this.#slices.push(base64) - 1);
  };

  /**
   * The bytes of the answer, in parts: text and pictures in turns, text first and last.
   *
   * @param json is the answer as JSON. Pictures that it does not have are left out.
   */
  join(json: string): Buffer[] {
    if (this.#mark === '') return [Buffer.from(json)];
    const parts: Buffer[] = [];
    const texts = json.split(this.#mark);
    for (const [index, text] of texts.entries()) {
      if (index === 0) {
        parts.push(Buffer.from(text));
        continue;
      }
      // A mark fills its string: what stands before the quote is the number of the slice.
      const quote = text.indexOf('"');
      const slice = this.#slices[Number(text.slice(0, quote))];
      if (slice) parts.push(slice);
      parts.push(Buffer.from(text.slice(quote)));
    }
    return parts;
  }
}
