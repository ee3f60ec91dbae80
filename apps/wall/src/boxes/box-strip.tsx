import type { Box } from '@se5/client';
import { Popover } from 'radix-ui';
import { useTranslations } from 'use-intl';
import { useTimes } from '../time/use-times.ts';
import { Icon } from '../ui/icon.tsx';
import { useNow } from '../ui/use-now.ts';
import { BoxDetails } from './box-details.tsx';
import { linkLooks, unknownLook } from './link-looks.ts';
import { inOrderOfTrouble, troubleOf } from './trouble.ts';

interface BoxStripProps {
  readonly boxes: readonly Box[];
  /** Whether the gateway still tells; otherwise it is not known how they are. */
  readonly known: boolean;
}

/** How the link to each box stands, those in trouble first; more on demand. */
export function BoxStrip({ boxes, known }: BoxStripProps) {
  const t = useTranslations('boxes');
  const now = useNow(1_000);
  return (
    <section
      aria-label={t('boxes')}
      className="flex items-stretch border-b border-line bg-surface max-sm:flex-col"
    >
      {known && <TroubleNote boxes={boxes} now={now} />}
      <ul className="flex min-w-0 gap-2 sm:flex-1 overflow-x-auto px-3 py-2 sm:px-4">
        {inOrderOfTrouble(boxes).map((box) => (
          <li key={box.id} className="shrink-0">
            <BoxState box={box} known={known} now={now} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function TroubleNote({ boxes, now }: { boxes: readonly Box[]; now: number }) {
  const t = useTranslations('boxes');
  const times = useTimes();
  const trouble = troubleOf(boxes);
  if (!trouble) return null;
  return (
    <p
      role="status"
      data-testid="trouble"
      className="flex shrink-0 items-center gap-2 border-line bg-danger/10 px-3 font-semibold text-danger max-sm:py-1 sm:border-e sm:px-4"
    >
      <Icon name="broken" className="size-5" />
      {t('down', {
        down: trouble.down,
        all: trouble.all,
        time: times.since(trouble.since, now),
      })}
    </p>
  );
}

function BoxState({ box, known, now }: { box: Box; known: boolean; now: number }) {
  const t = useTranslations('boxes');
  const times = useTimes();
  const { icon, className } = known ? linkLooks[box.link.state] : unknownLook;
  const word = t(known ? box.link.state : 'UNKNOWN');
  return (
    <Popover.Root>
      <Popover.Trigger
        data-testid="box"
        data-state-name={known ? box.link.state : 'UNKNOWN'}
        className={`flex min-h-10 items-center gap-2 rounded-lg border border-line px-3 py-1 text-start hover:bg-raised ${known ? '' : 'border-dashed text-muted'}`}
      >
        <Icon name={icon} className={`size-4 ${className}`} />
        <span>
          <span className="block leading-tight font-medium whitespace-nowrap">{box.name}</span>
          <span className={`block text-xs leading-tight whitespace-nowrap ${className}`}>
            {[word, known && box.gateway, known && times.lasting(box.link.since, now)]
              .filter(Boolean)
              .join(' · ')}
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
          <BoxDetails box={box} />
          <Popover.Arrow className="fill-line" />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
