import type DataLoader from 'dataloader';

/** What a loader answers for an id that nobody has now, though history may still name it. */
export class UnknownId extends Error {
  override readonly name = 'UnknownId';
}

/** For what history names: it resolves by what its events say of it when it is gone. */
export async function loadOr<Key, Value>(
  loader: DataLoader<Key, Value>,
  key: Key,
  gone: Value,
): Promise<Value> {
  try {
    return await loader.load(key);
  } catch (error) {
    if (error instanceof UnknownId) return gone;
    throw error;
  }
}
