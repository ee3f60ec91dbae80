/**
 * Whether a client has what the tag stands for, by its If-None-Match.
 *
 * https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
export const matchesTag = (ifNoneMatch: string | undefined, tag: string): boolean =>
  ifNoneMatch?.split(',').some((candidate) => {
    const wanted = candidate.trim().replace(/^W\//, '');
    return wanted === tag || wanted === '*';
  }) ?? false;
