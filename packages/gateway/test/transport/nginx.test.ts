import { describe, expect, it } from 'vitest';
import { nextEvent, readEvents } from '../support/event-source.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { findNginx, startNginx } from '../support/nginx.ts';
import { until } from '../support/until.ts';

describe('behind Debian’s nginx as it comes', () => {
  it('event streams arrive event by event, and end with the client', async ({ skip }) => {
    const found = findNginx();
    if ('missing' in found) return skip(found.missing);
    await using gateway = await ServedGraphQL.start();
    const { origin, pathname } = new URL(gateway.url);
    await using nginx = await startNginx(found.path, origin);
    const leave = new AbortController();
    const response = await fetch(`${nginx.url}${pathname}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { recognitionEvents { identityId } }' }),
      signal: leave.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events = readEvents(response);
    await until(() => gateway.subscribers === 1);
    for (const identityId of ['1', '2', '3']) {
      await gateway.inside.event({ identityId });
      expect((await nextEvent(events)).data).toContain(`"identityId":"${identityId}"`);
    }
    leave.abort();
    await until(() => gateway.subscribers === 0);
    return undefined;
  });
});
