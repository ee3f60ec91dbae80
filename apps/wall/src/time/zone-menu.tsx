import { DropdownMenu } from 'radix-ui';
import { Icon } from '../ui/icon.tsx';
import type { ZoneChoice } from './zones.ts';

interface ZoneMenuProps {
  readonly zone: string;
  readonly choices: readonly ZoneChoice[];
  readonly onChoose: (zone: string) => void;
}

/** Names the zone of all times on the page, and changes it. */
export function ZoneMenu({ zone, choices, onChoose }: ZoneMenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label={`Time zone: ${zone}`}
        className="inline-flex min-h-10 items-center gap-1.5 rounded-lg border border-line px-2.5 font-medium sm:px-3 hover:bg-raised"
      >
        <Icon name="clock" />
        {cityOf(zone)}
        <Icon name="chevron" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        sideOffset={6}
        collisionPadding={12}
        className="z-20 min-w-52 rounded-xl border border-line bg-surface p-1 shadow-xl"
      >
        <DropdownMenu.RadioGroup value={zone} onValueChange={onChoose}>
          {choices.map((choice) => (
            <DropdownMenu.RadioItem
              key={choice.zone}
              value={choice.zone}
              className="flex min-h-9 cursor-pointer items-center gap-2 rounded-lg px-3 py-1 outline-none data-highlighted:bg-raised"
            >
              <span className="grid size-4 place-items-center">
                <DropdownMenu.ItemIndicator>
                  <Icon name="check" className="size-4 text-accent" />
                </DropdownMenu.ItemIndicator>
              </span>
              <span>
                {choice.zone}
                <span className="text-muted">, {choice.owners}</span>
              </span>
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

/** `Buenos Aires` of `America/Argentina/Buenos_Aires` */
const cityOf = (zone: string): string => zone.replace(/^.*\//, '').replaceAll('_', ' ');
