import { useTranslations } from 'use-intl';
import { Icon } from '../ui/icon.tsx';
import { isSignedIn, signOut } from './browser-session.ts';

/** Only where somebody has signed in: a gateway may want no token. */
export function SignOutButton({ gateway }: { gateway: string }) {
  const t = useTranslations('connection');
  if (!isSignedIn()) return null;
  return (
    <button
      type="button"
      aria-label={t('signOut')}
      title={t('signOut')}
      className="grid size-10 place-items-center rounded-lg hover:bg-raised"
      onClick={() => {
        void signOut(gateway).then((isOut) => isOut && location.reload());
      }}
    >
      <Icon name="leave" />
    </button>
  );
}
