import { mkdtempDisposable, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { array, assert, constantFrom, property, stringMatching, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccessControl } from '../../src/access/access-control.ts';
import { parseDenyList } from '../../src/access/deny-list.ts';
import type { AccessEnd } from '../../src/access/live-viewers.ts';
import { UNLIMITED } from '../../src/access/roles.ts';
import type { Viewer } from '../../src/access/viewer.ts';
import type { RoleConfig, TokenConfig } from '../../src/config/access.ts';
import { everythingToken } from '../../src/config/access-schema.ts';
import { credentialAccess, FULL_ROLE, openAccess } from '../support/access.ts';
import { jwtAccess, NOW_MS, TestIssuer } from '../support/issuer.ts';
import { until } from '../support/until.ts';

const ROLES: Readonly<Record<string, RoleConfig>> = {
  guard: FULL_ROLE,
  screen: { ...FULL_ROLE, siteIds: ['hq'] },
};

const token = (name: string, role: string, text = `the-token-of-${name}`): TokenConfig => ({
  ...everythingToken(text),
  name,
  roles: [role],
});
const desk = token('desk', 'guard');
const lobby = token('lobby', 'screen');

async function viewerOf(control: AccessControl, credential: string): Promise<Viewer> {
  const admission = await control.admit(credential, undefined);
  if (admission.kind !== 'admitted') throw new Error(admission.kind);
  return admission.viewer;
}

/** A connection, and why it was ended. */
async function connect(control: AccessControl, credential: string) {
  const viewer = await viewerOf(control, credential);
  const ends: AccessEnd[] = [];
  const held = control.hold(viewer, (why) => ends.push(why));
  return { viewer, held, ends };
}

async function denyFile() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'se5-deny-'));
  return {
    path: join(folder.path, 'denied.txt'),
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}

describe('a deny list', () => {
  it('ends what it names, refuses it from then on, and leaves all others alone', async () => {
    await using file = await denyFile();
    const access = { ...credentialAccess([desk, lobby], ROLES), deny: file.path };
    using opened = await openAccess(access, { pollMs: 20 });
    const { control, told } = opened;
    expect(told).toEqual([['denyListRead', { kind: 'missing' }, 0]]);
    const denied = await connect(control, 'the-token-of-desk');
    const other = await connect(control, 'the-token-of-lobby');
    const generations = () =>
      [denied, other].map(({ viewer }) => control.generationOf(viewer.permissionClass.key));
    const [ofDesk, ofLobby] = generations();
    await writeFile(file.path, '# left behind in a taxi\ndesk\n');
    await until(() => denied.ends.length > 0);
    expect(denied.ends).toEqual(['revoked']);
    expect(other.ends).toEqual([]);
    expect(told).toContainEqual(['ended', 1]);
    expect(await control.admit('the-token-of-desk', undefined)).toEqual({
      kind: 'unauthenticated',
      credential: 'revoked',
      holder: { name: 'desk', roles: ['guard'] },
    });
    // Only what the class of that token was handed out is no longer good.
    expect(generations()[0]).not.toBe(ofDesk);
    expect(generations()[1]).toBe(ofLobby);

    await rm(file.path);
    const isAdmitted = async () =>
      (await control.admit('the-token-of-desk', undefined)).kind === 'admitted';
    while (!(await isAdmitted())) await nextTurn();
  });

  it.each(['a-subject', 'token-1'])('names a JSON Web Token by %s', async (entry) => {
    await using file = await denyFile();
    await using issuer = await TestIssuer.start();
    const access = { ...jwtAccess([issuer.config()], ROLES), deny: file.path };
    using opened = await openAccess(access, { pollMs: 20, now: () => NOW_MS });
    const credential = await issuer.token({ jti: 'token-1' });
    const { ends } = await connect(opened.control, credential);
    const generation = opened.control.generationOf(UNLIMITED.key);
    await writeFile(file.path, `${entry}\n`);
    await until(() => ends.length > 0);
    expect(ends).toEqual(['revoked']);
    // Which classes its holder had is not known, so all of them may be meant.
    expect(opened.control.generationOf(UNLIMITED.key)).not.toBe(generation);
    expect(await opened.control.admit(credential, undefined)).toMatchObject({
      credential: 'revoked',
    });
  });

  it('counts after a restart too: what was handed out before an entry came is good no more', async () => {
    await using file = await denyFile();
    const access = { ...credentialAccess([desk, lobby], ROLES), deny: file.path };
    const generationAtStart = async () => {
      using opened = await openAccess(access);
      return opened.control.generationOf(UNLIMITED.key);
    };
    const first = await generationAtStart();
    expect(await generationAtStart()).toBe(first);
    await writeFile(file.path, 'desk\n');
    expect(await generationAtStart()).not.toBe(first);
  });

  it('is in force before anybody is let in', async () => {
    await using file = await denyFile();
    await writeFile(file.path, 'desk');
    using opened = await openAccess({ ...credentialAccess([desk], ROLES), deny: file.path });
    expect(await opened.control.admit('the-token-of-desk', undefined)).toMatchObject({
      credential: 'revoked',
    });
  });

  it.each([
    ['is empty for a moment', '', 'text'],
    ['is too large', Buffer.alloc(4 * 1024 * 1024 + 1, 'x\n'), 'too large'],
  ])('that %s lets nobody in', async (_, content, kind) => {
    await using file = await denyFile();
    await writeFile(file.path, 'desk');
    const access = { ...credentialAccess([desk], ROLES), deny: file.path };
    using opened = await openAccess(access, { pollMs: 86_400_000 });
    await writeFile(`${file.path}.new`, content);
    await rename(`${file.path}.new`, file.path);
    await until(() => opened.told.length > 1);
    expect(opened.told.at(-1)).toMatchObject(['denyListRead', { kind }, expect.any(Number)]);
    expect(await opened.control.admit('the-token-of-desk', undefined)).toMatchObject({
      credential: 'revoked',
    });
  });

  it('has an entry on each line, whatever stands around it', () => {
    const entry = stringMatching(/^[\w@.:|-]{1,20}$/);
    const line = tuple(constantFrom('', ' ', '\t'), entry, constantFrom('', ' ', ' # why', '\t#'));
    const end = constantFrom('\n', '\r\n', '\n\n', '\n# nobody\n');
    assert(
      property(array(tuple(line, end)), (lines) => {
        const text = lines.map(([parts, last]) => parts.join('') + last).join('');
        expect([...parseDenyList(text)].toSorted()).toEqual(
          [...new Set(lines.map(([[, name]]) => name))].toSorted(),
        );
      }),
    );
  });
});

describe('another configuration', () => {
  it('ends connections whose token is gone, and tells those with other rights to come back', async () => {
    const tokens = [desk, lobby, token('gone', 'guard'), token('other', 'guard')];
    using opened = await openAccess(credentialAccess(tokens, ROLES));
    const { control } = opened;
    const kept = await connect(control, 'the-token-of-desk');
    const changed = await connect(control, 'the-token-of-lobby');
    const gone = await connect(control, 'the-token-of-gone');
    const replaced = await connect(control, 'the-token-of-other');
    const told: unknown[] = [];
    using _ = control.onChange((access) => told.push(access));
    const next = credentialAccess([desk, lobby, token('other', 'guard', 'another-token')], {
      ...ROLES,
      screen: { ...FULL_ROLE, siteIds: ['plant'] },
    });
    const before = control.generationOf(changed.viewer.permissionClass.key);
    await control.apply(next);
    expect([kept, changed, gone, replaced].map(({ ends }) => ends)).toEqual([
      [],
      ['changed'],
      ['revoked'],
      ['revoked'],
    ]);
    expect(told).toEqual([next]);
    expect(control.isCurrent(changed.viewer.permissionClass.key)).toBe(false);
    expect(control.isCurrent(kept.viewer.permissionClass.key)).toBe(true);
    expect(control.generationOf(changed.viewer.permissionClass.key)).not.toBe(before);
  });

  it('that lets a token end earlier ends what it has opened', async () => {
    using opened = await openAccess(credentialAccess([desk, lobby], ROLES));
    const { control } = opened;
    const shortened = await connect(control, 'the-token-of-desk');
    await control.apply(credentialAccess([{ ...desk, expiresAt: 1 }, lobby], ROLES));
    expect(shortened.ends).toEqual(['changed']);
    expect(await control.admit('the-token-of-desk', undefined)).toMatchObject({
      kind: 'unauthenticated',
    });
  });

  it('keeps its deny list while a reload can’t read it', async () => {
    await using file = await denyFile();
    await writeFile(file.path, 'desk\n');
    const access = { ...credentialAccess([desk, lobby], ROLES), deny: file.path };
    using opened = await openAccess(access, { pollMs: 20 });
    const tooLarge = `${file.path}.next`;
    await writeFile(tooLarge, '#'.repeat(5 * 2 ** 20));
    await rename(tooLarge, file.path);
    await opened.control.apply(access);
    expect(await opened.control.admit('the-token-of-desk', undefined)).toMatchObject({
      credential: 'revoked',
    });
    // A gateway that has never read it does not start.
    await expect(openAccess(access)).rejects.toThrow('access.deny');
  });

  it('that is the same changes nothing', async () => {
    using opened = await openAccess(credentialAccess([desk, lobby], ROLES));
    const { control } = opened;
    const { ends, viewer } = await connect(control, 'the-token-of-desk');
    const generation = control.generationOf(viewer.permissionClass.key);
    await control.apply(credentialAccess([desk, lobby], ROLES));
    expect(ends).toEqual([]);
    expect(control.generationOf(viewer.permissionClass.key)).toBe(generation);
  });

  it('that only adds ends nobody', async () => {
    using opened = await openAccess(credentialAccess([desk], ROLES));
    const { control } = opened;
    const { ends } = await connect(control, 'the-token-of-desk');
    await control.apply(credentialAccess([desk, lobby], { ...ROLES, third: FULL_ROLE }));
    expect(ends).toEqual([]);
  });

  it('gives out what a gateway gives out that starts with it', async () => {
    await using file = await denyFile();
    using reloaded = await openAccess(credentialAccess([desk], ROLES));
    const first = reloaded.control.generationOf(UNLIMITED.key);
    await writeFile(file.path, 'desk\nsomebody\n');
    const { screen = FULL_ROLE, ...roles } = ROLES;
    const next = { ...credentialAccess([lobby, desk], { screen, ...roles }), deny: file.path };
    await reloaded.control.apply(next);
    await writeFile(file.path, 'somebody\ndesk\n');
    using started = await openAccess({
      ...credentialAccess([desk, lobby], ROLES),
      deny: file.path,
    });
    const { permissionClass } = await viewerOf(started.control, 'the-token-of-lobby');
    for (const { key } of [UNLIMITED, permissionClass]) {
      expect(started.control.generationOf(key)).toBe(reloaded.control.generationOf(key));
    }
    expect(started.control.generationOf(UNLIMITED.key)).not.toBe(first);
  });

  it('with credentials ends those that have shown none', async () => {
    using opened = await openAccess({ kind: 'open' });
    const { ends } = await connect(opened.control, 'anything');
    expect(opened.control.isCurrent(UNLIMITED.key)).toBe(true);
    await opened.control.apply(credentialAccess([lobby], ROLES));
    expect(ends).toEqual(['missing']);
    expect(opened.control.isCurrent(UNLIMITED.key)).toBe(true);
    await opened.control.apply(credentialAccess([lobby], { screen: { ...FULL_ROLE, fields: [] } }));
    expect(opened.control.isCurrent(UNLIMITED.key)).toBe(false);
  });

  it('of an issuer asks for its tokens anew; without it they are not taken', async () => {
    await using issuer = await TestIssuer.start();
    const access = jwtAccess([issuer.config()], ROLES);
    using opened = await openAccess(access, { now: () => NOW_MS });
    const first = await connect(opened.control, await issuer.token());
    await opened.control.apply(jwtAccess([issuer.config({ leewayMs: 1_000 })], ROLES));
    expect(first.ends).toEqual(['changed']);
    const second = await connect(opened.control, await issuer.token());
    await opened.control.apply(jwtAccess([], ROLES));
    expect(second.ends).toEqual(['revoked']);
  });

  it('that came while a connection began is in force for it', async () => {
    using opened = await openAccess(credentialAccess([desk], ROLES));
    const viewer = await viewerOf(opened.control, 'the-token-of-desk');
    await opened.control.apply(credentialAccess([lobby], ROLES));
    const ends: AccessEnd[] = [];
    opened.control.hold(viewer, (why) => ends.push(why));
    expect(ends).toEqual(['revoked']);
  });
});

describe('a credential that expires', () => {
  const expiring = { ...desk, expiresAt: NOW_MS + 1_000 };

  it('ends its connections 25 s later, those alone that have not renewed it', async () => {
    const clock = { now: NOW_MS };
    using opened = await openAccess(credentialAccess([expiring, lobby], ROLES), {
      now: () => clock.now,
      pollMs: 5,
    });
    const { control } = opened;
    const late = await connect(control, 'the-token-of-desk');
    const renewed = await connect(control, 'the-token-of-desk');
    const closed = await connect(control, 'the-token-of-desk');
    const never = await connect(control, 'the-token-of-lobby');
    renewed.held.renew({ ...renewed.viewer, expiresAt: NOW_MS + 60_000 });
    closed.held[Symbol.dispose]();
    clock.now = NOW_MS + 26_000;
    await until(() => late.ends.length > 0);
    expect([late, renewed, closed, never].map(({ ends }) => ends)).toEqual([
      ['expired'],
      [],
      [],
      [],
    ]);
    clock.now = NOW_MS + 85_000;
    await until(() => renewed.ends.length > 0);
    expect(renewed.ends).toEqual(['expired']);
  });

  it('goes on during the grace', async () => {
    const clock = { now: NOW_MS };
    const far = { ...lobby, expiresAt: NOW_MS };
    using opened = await openAccess(credentialAccess([expiring, far], ROLES), {
      now: () => clock.now - 1,
      pollMs: 5,
    });
    const inGrace = await connect(opened.control, 'the-token-of-desk');
    const over = await connect(opened.control, 'the-token-of-lobby');
    clock.now = NOW_MS + 25_001;
    // Both are looked at together.
    await until(() => over.ends.length > 0);
    expect(inGrace.ends).toEqual([]);
  });
});
