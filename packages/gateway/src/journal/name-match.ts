/** Combining accents, but no vowel signs, which are letters of their own. */
const ACCENTS = /[\p{Mn}&&\p{Diacritic}]/gv;

/** A name without case and accents: `Åsa Weiß` and `ASA WEISS` are equal. */
const foldName = (name: string): string =>
  // Upper case first: it knows that `ß` is two letters, and that `ς` and `σ` are one.
  name.normalize('NFKD').replaceAll(ACCENTS, '').toUpperCase().toLowerCase();

/** Whether a name contains the text, whatever the case and accents of both. Undefined: any does. */
export function nameMatcher(text: string | undefined): (name: string) => boolean {
  if (text === undefined) return () => true;
  const part = foldName(text);
  return (name) => foldName(name).includes(part);
}
