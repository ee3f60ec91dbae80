import { TestJournal } from './journal.ts';
import { TestGateway } from './test-gateway.ts';

export const HOUR_MS = 3_600_000;

/** Begins with the first address, and never gets over a back-off: what goes on does so at once. */
export const patient = { random: () => 0, backoffMs: { min: HOUR_MS, max: HOUR_MS } };

/** Where nobody listens. Not port 1, which fetch blocks without trying. */
export const NOWHERE = 'http://127.0.0.1:2';

/** Two gateways with one journal, as in a cluster. */
export async function startCluster() {
  const journal = new TestJournal();
  const a = await TestGateway.start({ journal });
  const b = await TestGateway.start({ journal });
  return {
    journal,
    a,
    b,
    url: [a.url, b.url] as const,
    async [Symbol.asyncDispose]() {
      await a[Symbol.asyncDispose]();
      await b[Symbol.asyncDispose]();
    },
  };
}

/** A gateway's refusal, as the body of an answer. */
export const refusalOf = (code: string) =>
  JSON.stringify({ errors: [{ message: '', extensions: { code } }] });
