import { dirname, join } from 'node:path';
import { startSimulator } from '@se5/simulator';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { post, startGateway } from './support/gateways.ts';
import { journalFile } from './support/journals.ts';
import { TestClock } from './support/test-clock.ts';

const GUARD = 'the-token-of-guards-is-long-enough';
const SCREEN = 'the-token-of-screens-is-long-enough';

const imageSchema = z.object({ url: z.string(), urlExpiresAt: z.string() }).nullable();
const answerSchema = z.object({
  data: z.object({
    recognitionEvents: z.object({
      edges: z.array(z.object({ node: z.object({ faceImage: imageSchema }) })),
    }),
  }),
});

/** The address of the newest face, as the holder of the token is given it. */
async function addressOf(url: string, token: string) {
  const query =
    '{ recognitionEvents(last: 1) { edges { node { faceImage { url urlExpiresAt } } } } }';
  const response = await post(url, query, { Authorization: `Bearer ${token}` });
  const { edges } = answerSchema.parse(await response.json()).data.recognitionEvents;
  return edges[0]?.node.faceImage;
}

const codeAt = async (address: string) => {
  const response = await fetch(address);
  if (response.status === 200) {
    await response.body?.cancel();
    return 'OK';
  }
  return (await response.json()).errors[0].extensions.code;
};

const rolesOf = (guards: readonly string[]) => ({
  tokens: [
    { name: 'desk', role: 'guard', token: GUARD },
    { name: 'hall', role: 'screen', token: SCREEN },
  ],
  roles: {
    guard: { fields: guards, history: 'all' },
    screen: { fields: ['face'], history: 'all' },
  },
});

it('an address works until it expires, over a restart, and as long as its role stays as it is', async () => {
  await using parts = new AsyncDisposableStack();
  const { path } = parts.use(await journalFile());
  const simulator = parts.use(await startSimulator());
  const clock = new TestClock();
  const start = (guards: readonly string[]) =>
    startGateway({
      simulators: [simulator],
      clock,
      config: {
        journal: { path },
        images: { path: join(dirname(path), 'images'), capture: 'always', urlExpiry: '1h' },
        access: rolesOf(guards),
      },
    });

  let [guards, screens]: string[] = [];
  {
    await using gateway = await start(['face', 'scene']);
    await simulator.until(({ configurations }) => configurations.at(-1)?.needFace === true);
    simulator.emit({ personType: 1 });
    await expect.poll(() => addressOf(gateway.url, GUARD)).toBeDefined();
    guards = (await addressOf(gateway.url, GUARD))?.url ?? '';
    screens = (await addressOf(gateway.url, SCREEN))?.url ?? '';
    expect(await codeAt(gateway.url + guards)).toBe('OK');
    expect(await codeAt(gateway.url + screens)).toBe('OK');
    // The same picture, by another right.
    expect(guards.split('.')[0]).toBe(screens.split('.')[0]);
    const [key, , ...ofScreens] = screens.split('.');
    expect(await codeAt(gateway.url + [key, guards.split('.')[1], ...ofScreens].join('.'))).toBe(
      'NOT_FOUND',
    );
  }
  {
    await using gateway = await start(['face', 'scene']);
    expect(await codeAt(gateway.url + guards)).toBe('OK');
    expect(await codeAt(gateway.url + screens)).toBe('OK');
  }
  await using gateway = await start(['scene']);
  expect(await codeAt(gateway.url + guards)).toBe('ADDRESS_REVOKED');
  expect(await codeAt(gateway.url + screens)).toBe('OK');

  clock.jump(2 * 3_600_000);
  expect(await codeAt(gateway.url + screens)).toBe('ADDRESS_EXPIRED');
  const renewed = await addressOf(gateway.url, SCREEN);
  expect(await codeAt(gateway.url + renewed?.url)).toBe('OK');
  expect(Date.parse(renewed?.urlExpiresAt ?? '')).toBeGreaterThan(clock.now());
});
