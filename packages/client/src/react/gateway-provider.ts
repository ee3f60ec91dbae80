import {
  createContext,
  createElement,
  type ReactElement,
  type ReactNode,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react';
import { type Client, type ClientOptions, createClient } from '../client.ts';
import { ClientError } from '../errors.ts';
import { platform } from '../platform.ts';
import { useStable } from './use-stable.ts';

const GatewayContext = createContext<Client | undefined>(undefined);

export type GatewayProviderProps = { readonly children?: ReactNode } & (
  | {
      /** Belongs to the caller, who disposes of it. */
      readonly client: Client;
      readonly options?: undefined;
    }
  | {
      /**
       * Of a client that the provider makes, and disposes of when it is gone. Options that are not
       * deep-equal make another client; of functions, those that came with it are used. A server
       * that renders needs an absolute `url`.
       */
      readonly options: ClientOptions;
      readonly client?: undefined;
    }
);

/**
 * Gives the hooks below it their client.
 *
 * @throws {ClientError} INVALID_ARGUMENT while rendering, for options that `createClient` refuses.
 */
export function GatewayProvider({ client, options, children }: GatewayProviderProps): ReactElement {
  return client === undefined
    ? createElement(OwnClient, { options }, children)
    : createElement(GatewayContext.Provider, { value: client }, children);
}

interface OwnClientProps {
  readonly options: ClientOptions;
  readonly children?: ReactNode;
}

const make = (madeOf: ClientOptions) => ({ madeOf, client: createClient(madeOf) });

function OwnClient({ options, children }: OwnClientProps): ReactElement {
  const stable = useStable(options);
  const [{ client, madeOf }, setOwn] = useState(() => make(stable));
  if (madeOf !== stable) setOwn(make(stable));
  const mounted = useRef<Client | undefined>(undefined);
  useEffect(() => {
    mounted.current = client;
    // Hidden for a while, and shown again.
    if (client.state.name === 'stopped') setOwn(make(madeOf));
    return () => {
      mounted.current = undefined;
      // StrictMode takes an effect back, and repeats it at once.
      platform.setTimeout(() => {
        if (mounted.current !== client) void client.dispose();
      }, 0);
    };
  }, [client, madeOf]);
  return createElement(GatewayContext.Provider, { value: client }, children);
}

/**
 * The client of the nearest provider: for its queries, and `imageUrl`.
 *
 * @throws {ClientError} INVALID_ARGUMENT while rendering, outside of a provider.
 */
export function useClient(): Client {
  const client = useContext(GatewayContext);
  if (client !== undefined) return client;
  throw new ClientError(
    'INVALID_ARGUMENT',
    'There is no GatewayProvider above this component: render one around it.',
  );
}
