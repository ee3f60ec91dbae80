import { useMemo, useSyncExternalStore } from 'react';
import type { Client } from '../client.ts';
import type { ClientError } from '../errors.ts';
import { useClient } from './gateway-provider.ts';
import type { Store } from './store.ts';
import { useStable } from './use-stable.ts';

/** What all hooks take that ask the gateway. */
export interface HookOptions {
  /** Throws the error while rendering, for an error boundary, instead of returning it. Default false. */
  readonly throwErrors?: boolean | undefined;
}

/** Renders a store of its own, which is made anew when the client or the options are other ones. */
export function useStore<
  TOptions extends HookOptions,
  T extends { readonly error: ClientError | undefined },
>(create: (client: Client, options: TOptions) => Store<T>, options: TOptions): T {
  const client = useClient();
  const stable = useStable(options);
  const store = useMemo(() => create(client, stable), [create, client, stable]);
  const value = useSyncExternalStore(store.subscribe, store.get, store.getInitial);
  if (stable.throwErrors && value.error !== undefined) throw value.error;
  return value;
}
