import { type FocusEvent, type UIEvent, useState } from 'react';
import { usePointed } from '../ui/use-pointed.ts';

/**
 * Whether somebody uses the list, so that nothing in it may move: the pointer moves over it, or the
 * keyboard's focus is in it.
 */
export function useHold() {
  const { isPointed, handlers } = usePointed();
  const [focused, setFocused] = useState(false);
  return {
    holds: isPointed || focused,
    /** Of the whole list, with what lies over it. */
    handlers: {
      ...handlers,
      // A click moves the focus too, but it does not mean that somebody uses the keyboard.
      onFocus: (event: FocusEvent) => setFocused(event.target.matches(':focus-visible')),
      onBlur({ currentTarget, relatedTarget }: FocusEvent) {
        if (!currentTarget.contains(relatedTarget)) setFocused(false);
      },
    },
    /** A card that is scrolled out of the document takes the focus along, and nobody is told. */
    onScroll({ currentTarget }: UIEvent) {
      if (!currentTarget.contains(document.activeElement)) setFocused(false);
    },
  };
}
