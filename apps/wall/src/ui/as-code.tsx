import type { ReactNode } from 'react';

/** A piece of a message that is to be typed as it is, from left to right in any language. */
export const asCode = (text: ReactNode) => <code dir="ltr">{text}</code>;
