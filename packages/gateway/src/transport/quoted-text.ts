/**
 * Splits the value of a header at a separator. A separator inside a quoted string (RFC 9110,
 * section 5.6.4) separates nothing; a quote that is not closed runs to the end.
 *
 * @returns the parts that are not empty, with the white space around them.
 */
export const splitOutsideQuotes = (text: string, separator: ',' | ';'): readonly string[] =>
  text.match(PARTS[separator]) ?? [];

const PARTS = {
  ',': /(?:"(?:\\.|[^"\\])*(?:"|\\?$)|[^,"])+/g,
  ';': /(?:"(?:\\.|[^"\\])*(?:"|\\?$)|[^;"])+/g,
} as const;
