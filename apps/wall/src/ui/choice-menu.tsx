import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

/** One of several. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  /** Of the label, where it is not that of the page. */
  readonly lang?: string;
  /** More about it. */
  readonly hint?: string;
}

interface ChoiceMenuProps {
  /** Names the button, also what is chosen. */
  readonly label: string;
  readonly chosen: string;
  readonly choices: readonly Choice[];
  readonly onChoose: (value: string) => void;
  /** Of the button. */
  readonly className: string;
  /** In the button. */
  readonly children: ReactNode;
}

/** A button with a menu of which one item is chosen. */
export function ChoiceMenu(props: ChoiceMenuProps) {
  const { label, chosen, choices, onChoose, className, children } = props;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger aria-label={label} title={label} className={className}>
        {children}
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        sideOffset={6}
        collisionPadding={12}
        className="z-20 min-w-52 rounded-xl border border-line bg-surface p-1 shadow-xl"
      >
        <DropdownMenu.RadioGroup value={chosen} onValueChange={onChoose}>
          {choices.map(({ value, label: name, lang, hint }) => (
            <DropdownMenu.RadioItem
              key={value}
              value={value}
              className="flex min-h-9 cursor-pointer items-center gap-2 rounded-lg px-3 py-1 outline-none data-highlighted:bg-raised"
            >
              <span className="grid size-4 place-items-center">
                <DropdownMenu.ItemIndicator>
                  <Icon name="check" className="size-4 text-accent" />
                </DropdownMenu.ItemIndicator>
              </span>
              <span lang={lang}>{name}</span>
              {hint !== undefined && <span className="text-muted">{hint}</span>}
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
