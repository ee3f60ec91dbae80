import { sinceTime } from '../time/format.ts';
import { useZone } from '../time/use-zone.ts';
import { Icon } from '../ui/icon.tsx';

/** Above all else: what is on the page may not be true any more. */
export function LostBanner({ since }: { since: number }) {
  const time = sinceTime(since, useZone(), since);
  return (
    <p
      role="alert"
      data-testid="lost"
      className="flex items-center justify-center gap-2 bg-danger px-4 py-2 text-center font-semibold text-white dark:text-black"
    >
      <Icon name="broken" className="size-5" />
      <span>
        The gateway does not answer since {time}. What is shown is from before. The page tries again
        by itself, and then shows what it missed.
      </span>
    </p>
  );
}
