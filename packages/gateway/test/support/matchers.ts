import { expect } from 'vitest';

/** vitest's matchers are `any`, which would switch the types off wherever one stands. */
export const containing = (text: string): unknown => expect.stringContaining(text);
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
