import { type Client, ClientError, type HistoryOptions, type HistoryPage } from '@se5/client';

/** `none`: the gateway is away, or shows this role no history. `refused`: it shows nothing. */
export type HistoryAnswer = HistoryPage | 'none' | 'refused';

/**
 * A page of the history. A caller that is `refused` must not subscribe behind the page: each new
 * stream would connect again, and the page would ask for the token again.
 */
export async function readHistory(client: Client, options: HistoryOptions): Promise<HistoryAnswer> {
  try {
    return await client.history(options);
  } catch (error) {
    return error instanceof ClientError && error.code === 'UNAUTHENTICATED' ? 'refused' : 'none';
  }
}
