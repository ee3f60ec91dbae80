const MALFORMED = /%(?![0-9a-f]{2})/i;
const ENCODED = /%[0-9a-f]{2}/gi;
const UNRESERVED = /[\w.~-]/;

/**
 * Replaces each unreserved character that is percent-encoded by the character itself: both mean the
 * same (RFC 3986, section 6.2.2.2). All other encodings stay as they are, `%2F` and `%25` among
 * them, so no path gets more segments and nothing is decoded twice. Text with a `%` that encodes
 * nothing stays as it is: the characters behind it could become an encoding.
 */
export const decodeUnreserved = (text: string): string =>
  text.includes('%') && !MALFORMED.test(text)
    ? text.replace(ENCODED, (encoded) => {
        const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
        return UNRESERVED.test(character) ? character : encoded;
      })
    : text;
