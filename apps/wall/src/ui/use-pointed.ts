import { type PointerEvent, useEffect, useRef, useState } from 'react';

/** A pointer that lies still for so long, in ms, belongs to nobody who reads. */
const restMs = 20_000;

/** Whether a pointer moves over an element, so that nothing in it may move. */
export function usePointed() {
  const [isPointed, setPointed] = useState(false);
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
    isPointed,
    /** Of the element. */
    handlers: {
      onPointerMove: point,
      onPointerDown: point,
      onPointerLeave() {
        clearTimeout(timer.current);
        setPointed(false);
      },
    },
  };
}
