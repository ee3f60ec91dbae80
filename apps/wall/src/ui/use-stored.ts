import { useState } from 'react';

/**
 * A choice of the reader that the browser keeps; undefined until one is made.
 *
 * @param read undefined for a text that is no choice.
 */
export function useStored<T extends string>(
  key: string,
  read: (text: string) => T | undefined,
): readonly [T | undefined, (next: T) => void] {
  const [value, setValue] = useState(() => {
    const stored = localStorage.getItem(key);
    return stored === null ? undefined : read(stored);
  });
  return [
    value,
    (next) => {
      localStorage.setItem(key, next);
      setValue(next);
    },
  ];
}
