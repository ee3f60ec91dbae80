import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tokenAccess } from '../support/access.ts';
import { ServedGraphQL } from '../support/graphql.ts';
import { holdAnswer } from '../support/held-answer.ts';
import { until } from '../support/until.ts';

const SLOW = '{ device(id: "a/gate") { lastEventAt } }';

describe('a query over HTTP that is under way', () => {
  let gateway: ServedGraphQL;
  /** The answer to `SLOW` waits until this is called. */
  let release: () => void;
  beforeEach(async () => {
    gateway = await ServedGraphQL.start();
    release = holdAnswer(gateway.inside);
  });
  afterEach(() => gateway[Symbol.asyncDispose]());

  async function begun(): Promise<{ readonly answer: Promise<Response> }> {
    const answer = fetch(`${gateway.url}?query=${encodeURIComponent(SLOW)}`);
    const { lastEventAt } = gateway.inside.directory;
    await until(() => vi.mocked(lastEventAt).mock.calls.length > 0);
    return { answer };
  }

  it('ends with 401 at once when its viewer may ask no longer', async () => {
    const { answer } = await begun();
    const { control } = gateway.access;
    await control.apply(tokenAccess('f00dfeedf00dfeedf00dfeed'));
    const response = await answer;
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    release();
    await nextTurn();
    expect(gateway.logged).toEqual([]);
  });

  it('is answered when clients are only told to come back', async () => {
    const { answer } = await begun();
    gateway.access.control.sendBack(() => true);
    release();
    const response = await answer;
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { device: { lastEventAt: null } } });
  });

  it('leaves nothing behind when it is answered', async () => {
    const { answer } = await begun();
    release();
    expect((await answer).status).toBe(200);
    const { control, told } = gateway.access;
    await control.apply(tokenAccess('f00dfeedf00dfeedf00dfeed'));
    expect(told.filter(([name]) => name === 'ended')).toEqual([]);
  });
});
