/** What is to be erased: a person, on all boxes; or everything older than a time (ms since the Unix epoch). */
export type ErasureTarget =
  | { readonly kind: 'identity'; readonly identityId: string }
  | { readonly kind: 'before'; readonly time: number };
