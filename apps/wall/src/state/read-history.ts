import { type Client, ClientError, type HistoryOptions, type HistoryPage } from '@se5/client';

/** `none`: the gateway is away, or shows this role no history. `refused`: it shows nothing. */
export type HistoryAnswer = HistoryPage | 'none' | 'refused';

/**
 * A page of the history, for who goes on behind it. Who is refused must not subscribe: each new
 * stream would connect again, and the form for the token would come anew.
 */
export async function readHistory(client: Client, options: HistoryOptions): Promise<HistoryAnswer> {
  try {
    return await client.history(options);
  } catch (error) {
    return error instanceof ClientError && error.code === 'UNAUTHENTICATED' ? 'refused' : 'none';
  }
}
