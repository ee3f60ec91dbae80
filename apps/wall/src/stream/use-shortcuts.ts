import type { RecognitionEvent } from '@se5/client';
import { useEffect } from 'react';
import { type Line, showsEvent } from '../state/lines.ts';

interface Shortcuts {
  readonly lines: readonly Line[];
  readonly selectedId: string | undefined;
  readonly onSelect: (event: RecognitionEvent) => void;
}

/** j and k choose the next older and the next newer line. */
export function useShortcuts({ lines, selectedId, onSelect }: Shortcuts): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // In a field and in a menu these are letters.
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLElement && event.target.matches('input, [role^=menu]'))
        return;
      if (event.key !== 'j' && event.key !== 'k') return;
      const next = neighbour(lines, selectedId, event.key === 'j' ? 1 : -1);
      if (next) onSelect(next);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [lines, selectedId, onSelect]);
}

function neighbour(
  lines: readonly Line[],
  selectedId: string | undefined,
  step: 1 | -1,
): RecognitionEvent | undefined {
  const cards = lines.filter((line) => line.kind === 'sightings');
  const at = cards.findIndex((line) => showsEvent(line, selectedId));
  return cards[at === -1 ? 0 : at + step]?.sightings[0];
}
