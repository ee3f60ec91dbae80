import { useEffect, useId, useRef, useState } from 'react';
import { signIn } from './browser-session.ts';

interface TokenFormProps {
  /** The page's own. */
  readonly gateway: string;
}

export function TokenForm({ gateway }: TokenFormProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [refusal, setRefusal] = useState<string>();
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
      className="flex flex-col gap-2 text-left"
    >
      <label htmlFor={id} className="font-medium text-ink">
        Access token
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
          {refusal}
        </p>
      )}
      <button
        type="submit"
        className="min-h-11 rounded-lg bg-accent px-4 font-semibold text-on-accent"
      >
        Connect
      </button>
      <p>
        It is <code>access.token</code> of the gateway's configuration, or a token that was given to
        you. The browser forgets it when it is closed.
      </p>
    </form>
  );
}
