import type { Gap } from '@se5/client';
import type { Text } from '../language/text.ts';
import type { Times } from '../time/times.ts';

/** A gap in plain words: what is missing, where, when and why. */
export function gapText(
  { count, boxId, from, to, reason }: Gap,
  boxName: (id: string) => string,
  t: Text,
  times: Times,
): string {
  return t('stream.gapText', {
    what: count === null ? t('stream.someRecognitions') : t('stream.recognitions', { count }),
    where: boxId === null ? 'unknown' : 'box',
    box: boxId === null ? '' : boxName(boxId),
    span: spanOf(from, to),
    from: from === null ? '' : times.clock(from),
    to: to === null ? '' : times.clock(to),
    reason,
  });
}

function spanOf(
  from: string | null,
  to: string | null,
): 'between' | 'before' | 'since' | 'unknown' {
  if (from !== null && to !== null) return 'between';
  if (to !== null) return 'before';
  return from === null ? 'unknown' : 'since';
}
