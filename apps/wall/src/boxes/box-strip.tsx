import type { Box, LinkState } from '@se5/client';
import { Popover } from 'radix-ui';
import { Icon, type IconName } from '../ui/icon.tsx';
import { age, fullTime } from '../ui/time.ts';
import { useNow } from '../ui/use-now.ts';

const looks = {
  LIVE: { word: 'live', icon: 'link', className: 'text-good' },
  SILENT: { word: 'quiet', icon: 'moon', className: 'text-quiet' },
  CONNECTING: { word: 'connecting', icon: 'clock', className: 'text-caution' },
  BACKING_OFF: { word: 'unreachable', icon: 'broken', className: 'text-danger' },
  STOPPED: { word: 'stopped', icon: 'dash', className: 'text-quiet' },
} as const satisfies Record<LinkState, { word: string; icon: IconName; className: string }>;

/** How the link to each box stands; more on demand. */
export function BoxStrip({ boxes }: { boxes: readonly Box[] }) {
  const now = useNow(1_000);
  return (
    <section aria-label="Boxes">
      <ul className="flex gap-2 overflow-x-auto border-b border-line bg-surface px-3 py-2 sm:px-4">
        {boxes.map((box) => (
          <li key={box.id} className="shrink-0">
            <BoxState box={box} now={now} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function BoxState({ box, now }: { box: Box; now: number }) {
  const { word, icon, className } = looks[box.link.state];
  return (
    <Popover.Root>
      <Popover.Trigger
        data-testid="box"
        data-state-name={box.link.state}
        className="flex min-h-10 items-center gap-2 rounded-lg border border-line px-3 py-1 text-left hover:bg-raised"
      >
        <Icon name={icon} className={`size-4 ${className}`} />
        <span>
          <span className="block leading-tight font-medium whitespace-nowrap">{box.name}</span>
          <span className={`block text-xs leading-tight whitespace-nowrap ${className}`}>
            {[word, box.gateway, age(box.link.since, now)].filter(Boolean).join(' · ')}
          </span>
        </span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={box.name}
          sideOffset={6}
          collisionPadding={12}
          className="z-20 w-72 rounded-xl border border-line bg-surface p-4 shadow-xl"
        >
          <p className="font-semibold">{box.name}</p>
          <p className="text-muted">{box.site.name}</p>
          <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
            <dt className="text-muted">Link</dt>
            <dd>
              {word} since {fullTime(box.link.since)}
            </dd>
            {box.gateway !== null && (
              <>
                <dt className="text-muted">Gateway</dt>
                <dd>{box.gateway}</dd>
              </>
            )}
            <dt className="text-muted">Last event</dt>
            <dd>{box.link.lastEventAt ? fullTime(box.link.lastEventAt) : 'none yet'}</dd>
            {box.link.clockOffsetMs !== null && (
              <>
                <dt className="text-muted">Clock</dt>
                <dd>{clockOffset(box.link.clockOffsetMs)}</dd>
              </>
            )}
            {box.link.lastError && (
              <>
                <dt className="text-muted">Last error</dt>
                <dd className="break-words">{box.link.lastError}</dd>
              </>
            )}
          </dl>
          <Popover.Arrow className="fill-line" />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Below a second, latency and the clocks' own jitter say more than the offset does. */
function clockOffset(ms: number): string {
  if (Math.abs(ms) < 1_000) return 'agrees with ours';
  return `${(Math.abs(ms) / 1_000).toFixed(1)} s ${ms > 0 ? 'ahead of' : 'behind'} ours`;
}
