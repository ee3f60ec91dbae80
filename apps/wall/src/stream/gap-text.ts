import type { Gap } from '@se5/client';
import { counted } from '../ui/counted.ts';
import { clockTime } from '../ui/time.ts';

const reasons = {
  BOX_UNREACHABLE: 'the box could not be reached',
  RETENTION: 'it is older than what the gateway keeps',
  UNKNOWN_CURSOR: "the gateway's journal was restored or began anew",
  JOURNAL_UNAVAILABLE: "the gateway's journal could not be written",
} as const satisfies Record<Gap['reason'], string>;

/** A gap in plain words: what is missing, where, when and why. */
export function gapText(gap: Gap, boxName: (id: string) => string): string {
  const what = gap.count === null ? 'Recognitions' : counted(gap.count, 'recognition');
  const where = gap.boxId === null ? '' : ` from ${boxName(gap.boxId)}`;
  return `${what}${where}${span(gap)} may be missing: ${reasons[gap.reason]}.`;
}

function span({ from, to }: Gap): string {
  if (from !== null && to !== null) return ` between ${clockTime(from)} and ${clockTime(to)}`;
  if (to !== null) return ` before ${clockTime(to)}`;
  if (from !== null) return ` since ${clockTime(from)}`;
  return '';
}
