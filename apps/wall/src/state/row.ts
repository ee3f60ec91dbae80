import type { Gap, RecognitionEvent } from '@se5/client';

/** A line of the stream: something that was seen, or a span of which nothing could be had. */
export type Row =
  | { readonly kind: 'event'; readonly key: string; readonly event: RecognitionEvent }
  | { readonly kind: 'gap'; readonly key: string; readonly gap: Gap };

/** An event and the gaps that were declared with it, newest first: the gaps lie before it. */
export function rowsOf(event: RecognitionEvent): readonly Row[] {
  const gaps = event.gapsBefore.map(
    (gap, index): Row => ({ kind: 'gap', key: `${event.id}/gap/${index}`, gap }),
  );
  return [{ kind: 'event', key: event.id, event }, ...gaps.toReversed()];
}
