import type { Box, LinkState } from '@se5/client';

/** The worst first. */
const order = [
  'BACKING_OFF',
  'STOPPED',
  'CONNECTING',
  'SILENT',
  'LIVE',
] as const satisfies LinkState[];

/** Whether nothing of the box is heard. One that was never tried before is not down yet. */
const isDown = ({ link: { state, attempts } }: Box): boolean =>
  state === 'BACKING_OFF' || state === 'STOPPED' || (state === 'CONNECTING' && attempts > 1);

/** Boxes in trouble first, the longest first among these; the others as they are configured. */
export function inOrderOfTrouble(boxes: readonly Box[]): readonly Box[] {
  const rank = (box: Box) => (isDown(box) ? -1 : order.indexOf(box.link.state));
  return boxes.toSorted((one, other) => {
    const ranks = rank(one) - rank(other);
    if (ranks !== 0 || !isDown(one)) return ranks;
    return Date.parse(one.link.since) - Date.parse(other.link.since);
  });
}

export interface Trouble {
  readonly down: number;
  readonly all: number;
  /** When the first of those that are down went; ISO 8601. */
  readonly since: string;
}

/** Undefined when no box is down. */
export function troubleOf(boxes: readonly Box[]): Trouble | undefined {
  const down = boxes.filter(isDown).map(({ link }) => link.since);
  const [since] = down.toSorted((one, other) => Date.parse(one) - Date.parse(other));
  return since === undefined ? undefined : { down: down.length, all: boxes.length, since };
}
