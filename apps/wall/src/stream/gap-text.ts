import type { Gap } from '@se5/client';
import { clockTime } from '../time/format.ts';
import { counted } from '../ui/counted.ts';

const reasons = {
  BOX_UNREACHABLE: 'the box could not be reached',
  RETENTION: 'it is older than what the gateway keeps',
  UNKNOWN_CURSOR: "the gateway's journal was restored or began anew",
  JOURNAL_UNAVAILABLE: "the gateway's journal could not be written",
} as const satisfies Record<Gap['reason'], string>;

/** A gap in plain words: what is missing, where, when and why. */
export function gapText(gap: Gap, boxName: (id: string) => string, zone: string): string {
  const what = gap.count === null ? 'Recognitions' : counted(gap.count, 'recognition');
  const where = gap.boxId === null ? '' : ` from ${boxName(gap.boxId)}`;
  return `${what}${where}${span(gap, zone)} may be missing: ${reasons[gap.reason]}.`;
}

function span({ from, to }: Gap, zone: string): string {
  if (from !== null && to !== null)
    return ` between ${clockTime(from, zone)} and ${clockTime(to, zone)}`;
  if (to !== null) return ` before ${clockTime(to, zone)}`;
  if (from !== null) return ` since ${clockTime(from, zone)}`;
  return '';
}
