import { type SubmitEvent, useId } from 'react';

interface TokenFormProps {
  /** A token was given, and was not the right one. */
  readonly refused: boolean;
  readonly onToken: (token: string) => void;
}

export function TokenForm({ refused, onToken }: TokenFormProps) {
  const id = useId();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token');
    if (typeof token === 'string' && token.trim() !== '') onToken(token.trim());
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2 text-left">
      <label htmlFor={id} className="font-medium text-ink">
        Access token
      </label>
      <input
        id={id}
        name="token"
        type="password"
        autoComplete="off"
        required
        aria-invalid={refused}
        className="min-h-11 rounded-lg border border-line bg-surface px-3 text-ink"
      />
      {refused && (
        <p role="alert" className="text-danger">
          The gateway did not accept this token.
        </p>
      )}
      <button
        type="submit"
        className="min-h-11 rounded-lg bg-accent px-4 font-semibold text-on-accent"
      >
        Connect
      </button>
      <p>
        It is <code>access.token</code> of the gateway's configuration, and is forgotten when this
        tab closes.
      </p>
    </form>
  );
}
