import type { Client, ClientState, Stream } from '../../src/index.ts';

/** Resolves with the first state that fits, be it the one that is now. */
export function stateOf<N extends ClientState['name']>(
  client: Client,
  name: N,
): Promise<Extract<ClientState, { name: N }>> {
  const fits = (state: ClientState): state is Extract<ClientState, { name: N }> =>
    state.name === name;
  return new Promise((resolve) => {
    if (fits(client.state)) {
      resolve(client.state);
      return;
    }
    const stop = client.onState((state) => {
      if (!fits(state)) return;
      stop();
      resolve(state);
    });
  });
}

/** Reads `count` values, and ends the stream. */
export async function take<T>(stream: Stream<T>, count: number): Promise<T[]> {
  const values: T[] = [];
  for await (const value of stream) {
    values.push(value);
    if (values.length === count) break;
  }
  return values;
}
