import { DropdownMenu } from 'radix-ui';
import { useFormatter, useTranslations } from 'use-intl';
import { Icon } from '../ui/icon.tsx';

export interface FilterOption<T extends string> {
  readonly value: T;
  readonly label: string;
}

interface FilterMenuProps<T extends string> {
  /** What is chosen here, in the plural: `Sites`. */
  readonly label: string;
  readonly options: readonly FilterOption<T>[];
  /** Empty means that everything is shown. */
  readonly chosen: readonly T[];
  readonly onChange: (chosen: readonly T[]) => void;
}

export function FilterMenu<T extends string>(props: FilterMenuProps<T>) {
  const { label, options, chosen, onChange } = props;
  const t = useTranslations('filters');
  const format = useFormatter();
  const toggle = (value: T) =>
    onChange(
      chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value],
    );
  return (
    // Where it belongs, beside the rest of the page: several can be chosen while the stream goes on.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className={`inline-flex min-h-10 items-center gap-1.5 rounded-lg border px-2.5 font-medium sm:px-3 hover:bg-raised ${
          chosen.length > 0 ? 'border-accent text-accent' : 'border-line'
        }`}
      >
        {label}{' '}
        {chosen.length > 0 && (
          <span className="rounded-full bg-accent px-1.5 text-xs font-bold text-on-accent">
            <span aria-hidden="true">{format.number(chosen.length)}</span>
            <span className="sr-only">{t('chosen', { count: chosen.length })}</span>
          </span>
        )}
        <Icon name="chevron" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Content
        sideOffset={6}
        collisionPadding={12}
        className="z-20 max-h-[60dvh] min-w-52 overflow-y-auto rounded-xl border border-line bg-surface p-1 shadow-xl"
      >
        {options.length === 0 && <p className="px-3 py-2 text-muted">{t('nothing')}</p>}
        {options.map(({ value, label: word }) => (
          <DropdownMenu.CheckboxItem
            key={value}
            checked={chosen.includes(value)}
            onCheckedChange={() => toggle(value)}
            // Several can be chosen in one go.
            onSelect={(event) => event.preventDefault()}
            className="flex min-h-9 cursor-pointer items-center gap-2 rounded-lg px-3 py-1 outline-none data-highlighted:bg-raised"
          >
            <span className="grid size-4 place-items-center rounded border border-muted">
              <DropdownMenu.ItemIndicator>
                <Icon name="check" className="size-3.5 text-accent" />
              </DropdownMenu.ItemIndicator>
            </span>
            <span>{word}</span>
          </DropdownMenu.CheckboxItem>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
