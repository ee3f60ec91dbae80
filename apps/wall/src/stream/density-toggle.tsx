import { Icon } from '../ui/icon.tsx';

interface DensityToggleProps {
  readonly dense: boolean;
  readonly onChange: (dense: boolean) => void;
}

export function DensityToggle({ dense, onChange }: DensityToggleProps) {
  return (
    <button
      type="button"
      aria-pressed={dense}
      aria-label="Dense rows"
      title="Dense rows"
      onClick={() => onChange(!dense)}
      className={`grid size-10 place-items-center rounded-lg border hover:bg-raised ${
        dense ? 'border-accent text-accent' : 'border-line'
      }`}
    >
      <Icon name="rows" />
    </button>
  );
}
