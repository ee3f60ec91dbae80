import { useEffect, useEffectEvent } from 'react';

/** What keys do, by their names in lower case. */
export type AlarmKeys = Readonly<Record<string, () => void>>;

/** Calls what a key stands for, unless somebody types. */
export function useAlarmKeys(keys: AlarmKeys): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest('input, dialog, [role^=menu]')) {
      return;
    }
    const name = event.key.toLowerCase();
    const act = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (!act) return;
    // Its letter is not for the field that it opens.
    event.preventDefault();
    act();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    addEventListener('keydown', listener);
    return () => removeEventListener('keydown', listener);
  }, []);
}
