import { vi } from 'vitest';
import type { Inside } from './inside.ts';

/** What a held answer is asked by. */
export const HELD = 'device { lastEventAt }';

/**
 * The next answer to `HELD` does not come before the returned function is called.
 *
 * @param after So many answers come at once before. Default 0.
 */
export function holdAnswer({ directory }: Inside, { after = 0 } = {}): () => void {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const lastEventAt = vi.spyOn(directory, 'lastEventAt');
  for (let answered = 0; answered < after; answered += 1)
    lastEventAt.mockReturnValueOnce(undefined);
  // Asked by the plan, and then by graphql-js.
  lastEventAt.mockReturnValueOnce(promise as never).mockReturnValueOnce(promise as never);
  return () => resolve(undefined);
}
