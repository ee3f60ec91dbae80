import { useSyncExternalStore } from 'react';
import type { ClientState } from '../state.ts';
import { useClient } from './gateway-provider.ts';

const IDLE: ClientState = { name: 'idle' };
const getInitial = (): ClientState => IDLE;

/**
 * The state of the connection: while it is `waiting`, with the `attempt` that failed, the `reason`
 * and `retryAt`; when it has `failed`, with the `error`. A server renders `idle`.
 */
export function useConnection(): ClientState {
  const client = useClient();
  return useSyncExternalStore(client.onState, () => client.state, getInitial);
}
