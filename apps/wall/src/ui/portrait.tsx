import { useTranslations } from 'use-intl';
import { Icon } from './icon.tsx';
import { useLoaded } from './use-loaded.ts';

interface PortraitProps {
  readonly url: string | null | undefined;
  /** What the picture shows, for those who don't see it. */
  readonly label: string;
  /** Said in the picture's place when there is none. */
  readonly missing: string;
  /** The role does not show it. Default false. */
  readonly hidden?: boolean;
  readonly className?: string;
  /** Told of an address that could not be loaded. */
  readonly onFailed: (url: string) => void;
}

/** A picture by its address, or the outline of a head where there is none, or none any more. */
export function Portrait(props: PortraitProps) {
  const { url, label, hidden = false, className = 'size-16', onFailed } = props;
  const t = useTranslations();
  const missing = hidden ? t('roles.hidden') : props.missing;
  const { shown, onError } = useLoaded(url ?? undefined, onFailed);
  const shape = `shrink-0 overflow-hidden rounded-lg bg-raised ${className}`;
  if (shown) {
    return (
      <img
        src={shown}
        alt={label}
        decoding="async"
        // A gateway of another port goes by it.
        referrerPolicy="origin"
        className={`${shape} object-cover`}
        onError={onError}
      />
    );
  }
  return (
    <span
      role="img"
      aria-label={t('pictures.missing', { picture: label, reason: missing })}
      title={missing}
      className={`${shape} @container relative grid place-items-center ${hidden ? 'text-muted' : 'text-muted/50'}`}
    >
      {hidden ? <HiddenMark /> : <Head />}
    </span>
  );
}

function Head() {
  return (
    <svg viewBox="0 0 64 64" className="size-3/4" aria-hidden="true">
      <circle cx="32" cy="24" r="11" fill="currentColor" />
      <path d="M10 60c2-15 11-21 22-21s20 6 22 21z" fill="currentColor" />
    </svg>
  );
}

/** In words too, where there is room. */
function HiddenMark() {
  const t = useTranslations('roles');
  return (
    <span className="flex flex-col items-center gap-1">
      <Icon name="hidden" className="size-6" />
      <span className="hidden text-xs @min-[8rem]:block">{t('hiddenPicture')}</span>
    </span>
  );
}
