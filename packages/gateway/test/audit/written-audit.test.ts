import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Caller } from '../../src/access/caller.ts';
import { OPEN_VIEWER } from '../../src/access/roles.ts';
import { WrittenAudit } from '../../src/audit/written-audit.ts';

const lineSchema = z.record(z.string(), z.unknown());

function recorded() {
  const lines: Record<string, unknown>[] = [];
  let elapsed = 0;
  const audit = new WrittenAudit({
    write: (line) => void lines.push(lineSchema.parse(JSON.parse(line))),
    now: () => Date.UTC(2027, 0, 31, 12),
    elapsed: () => elapsed,
  });
  return { audit, lines, pass: (ms: number) => (elapsed += ms) };
}

const GUARD: Caller = {
  id: 'run-1',
  viewer: {
    ...OPEN_VIEWER,
    kind: 'credential',
    name: 'guard-7',
    subject: 'guard-7',
    tokenId: 'jti-1',
    issuer: 'https://id.example.com',
    roles: ['guard'],
  },
  address: '192.0.2.1',
  transport: 'websocket',
};

const BY_GUARD = {
  time: '2027-01-31T12:00:00.000Z',
  connection: 'run-1',
  transport: 'websocket',
  address: '192.0.2.1',
  viewer: {
    name: 'guard-7',
    sub: 'guard-7',
    jti: 'jti-1',
    iss: 'https://id.example.com',
    roles: ['guard'],
  },
};
const HASH_OF_X = '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881';

describe('a line of the audit', () => {
  it('says that a connection was opened, renewed and closed, once each', () => {
    const { audit, lines } = recorded();
    const opened = audit.connectionOpened(GUARD);
    audit.connectionRenewed(GUARD);
    opened[Symbol.dispose]();
    opened[Symbol.dispose]();
    expect(lines).toEqual([
      { ...BY_GUARD, kind: 'connectionOpened' },
      { ...BY_GUARD, kind: 'connectionRenewed' },
      { ...BY_GUARD, kind: 'connectionClosed' },
    ]);
  });

  it('says what a subscription asked for, and how many events and pictures it got', () => {
    const { audit, lines } = recorded();
    const ended = audit.subscriptionBegun(GUARD, {
      document: 'x',
      deviceIds: ['lobby/gate'],
      filter: {
        siteIds: ['hq'],
        personTypes: ['VIP'],
        identityIds: ['identity-1', 'identity-2'],
        groupNames: ['group-1'],
        minSimilarity: 0.5,
        from: 0,
        to: Number.NaN,
      },
      withImages: true,
      after: 'cursor',
    });
    ended(7, 3);
    const same = { ...BY_GUARD, subscription: 1, document: HASH_OF_X };
    expect(lines).toEqual([
      {
        ...same,
        kind: 'subscriptionBegun',
        deviceIds: ['lobby/gate'],
        filter: {
          siteIds: ['hq'],
          personTypes: ['VIP'],
          identityIds: 2,
          groupNames: 1,
          minScore: 0.5,
          from: '1970-01-01T00:00:00.000Z',
        },
        withImages: true,
        resumed: true,
      },
      { ...same, kind: 'subscriptionEnded', events: 7, pictures: 3 },
    ]);
  });

  it('says everything else that is looked at, done and refused', () => {
    const { audit, lines } = recorded();
    audit.historyQueried(GUARD, { document: 'x', filter: {}, events: 50 });
    audit.picturesQueried(GUARD, { document: 'x', pictures: 3 });
    audit.alarmAnswered(GUARD, { alarm: 'alarm-1', action: 'CLOSE' });
    audit.pictureSeen({ address: undefined, key: 'x', permissionClass: 'class' });
    audit.erased({ events: 3, pictures: 9 });
    audit.erasureFailed();
    audit.reloaded(['access.deny']);
    audit.permissionRefused({ ...GUARD, transport: 'http' }, 'FORBIDDEN');
    const { time } = BY_GUARD;
    expect(lines).toEqual([
      { ...BY_GUARD, kind: 'historyQueried', document: HASH_OF_X, filter: {}, events: 50 },
      { ...BY_GUARD, kind: 'picturesQueried', document: HASH_OF_X, pictures: 3 },
      { ...BY_GUARD, kind: 'alarmAnswered', alarm: 'alarm-1', action: 'CLOSE' },
      {
        time,
        kind: 'pictureSeen',
        transport: 'http',
        address: null,
        permissionClass: 'class',
        picture: HASH_OF_X,
      },
      { time, kind: 'erased', events: 3, pictures: 9 },
      { time, kind: 'erasureFailed' },
      { time, kind: 'reloaded', parts: ['access.deny'] },
      { ...BY_GUARD, transport: 'http', kind: 'permissionRefused', code: 'FORBIDDEN' },
    ]);
  });

  it('is short: long texts are cut, of long lists the length is written', () => {
    const { audit, lines } = recorded();
    const ids = (count: number) => Array.from({ length: count }, (_, at) => `box/${at}`);
    audit.subscriptionBegun(GUARD, { document: 'x', deviceIds: ids(20) });
    audit.subscriptionBegun(GUARD, {
      document: 'x',
      deviceIds: ids(21),
      filter: { boxIds: ['x'.repeat(1_000)], siteIds: Array(10).fill('x'.repeat(120)) },
    });
    expect(lines).toMatchObject([
      { deviceIds: ids(20) },
      { deviceIds: 21, filter: { boxIds: [`${'x'.repeat(128)}…`], siteIds: 10 } },
    ]);
  });

  it('about somebody who is not let in comes 600 times a minute at most, and says how many did not', () => {
    const { audit, lines, pass } = recorded();
    const refuse = () =>
      audit.connectionRefused({ transport: 'http', address: '192.0.2.9', code: 'UNAUTHENTICATED' });
    for (let refusal = 0; refusal < 1_000; refusal += 1) refuse();
    expect(lines).toHaveLength(600);
    pass(60_000);
    refuse();
    expect(lines.at(-1)).toEqual({
      time: BY_GUARD.time,
      kind: 'connectionRefused',
      transport: 'http',
      address: '192.0.2.9',
      code: 'UNAUTHENTICATED',
      omitted: 400,
    });
  });
});
