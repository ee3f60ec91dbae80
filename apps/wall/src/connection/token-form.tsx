import { useEffect, useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Text } from '../language/text.ts';
import { asCode } from '../ui/as-code.tsx';
import { type SignInRefusal, signIn } from './browser-session.ts';

interface TokenFormProps {
  /** The page's own. */
  readonly gateway: string;
}

export function TokenForm({ gateway }: TokenFormProps) {
  const t = useTranslations();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [refusal, setRefusal] = useState<SignInRefusal>();
  useEffect(() => field.current?.focus(), []);
  const submit = async (form: FormData) => {
    const token = form.get('token');
    if (typeof token !== 'string' || token.trim() === '') return;
    const refused = await signIn(gateway, token.trim());
    // The address has the view, so the page begins anew with what the token shows.
    if (refused === undefined) return location.reload();
    setRefusal(refused);
    field.current?.select();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
      className="flex flex-col gap-2 text-start"
    >
      <label htmlFor={id} className="font-medium text-ink">
        {t('signIn.token')}
      </label>
      <input
        ref={field}
        id={id}
        name="token"
        type="password"
        autoComplete="off"
        required
        aria-invalid={refusal !== undefined}
        className="min-h-11 rounded-lg border border-line bg-surface px-3 text-ink"
      />
      {refusal !== undefined && (
        <p role="alert" className="text-danger">
          {refusalText(refusal, t)}
        </p>
      )}
      <button
        type="submit"
        className="min-h-11 rounded-lg bg-accent px-4 font-semibold text-on-accent"
      >
        {t('signIn.connect')}
      </button>
      <p>{t.rich('signIn.hint', { code: asCode })}</p>
    </form>
  );
}

function refusalText(refusal: SignInRefusal, t: Text): string {
  switch (refusal.reason) {
    case 'said':
      return refusal.message;
    case 'status':
      return t('signIn.status', { status: refusal.status });
    case 'wrong':
    case 'unreachable':
      return t(`signIn.${refusal.reason}`);
  }
}
