import {
  type FocusEvent,
  type PointerEvent,
  type UIEvent,
  useEffect,
  useRef,
  useState,
} from 'react';

/** A pointer that lies still for so long, in ms, belongs to nobody who reads. */
const restMs = 20_000;

/**
 * Whether somebody uses the list, so that nothing in it may move: the pointer moves over it, or the
 * keyboard's focus is in it.
 */
export function useHold() {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const point = (event: PointerEvent) => {
    setPointed(true);
    clearTimeout(timer.current);
    // A finger leaves when it is lifted; until then it does not rest.
    if (event.pointerType === 'mouse') {
      timer.current = setTimeout(() => setPointed(false), restMs);
    }
  };
  return {
    holds: pointed || focused,
    /** Of the whole list, with what lies over it. */
    handlers: {
      onPointerMove: point,
      onPointerDown: point,
      onPointerLeave() {
        clearTimeout(timer.current);
        setPointed(false);
      },
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
