import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Grant, PermissionClass } from '../../src/access/permission-class.ts';
import { Roles, UNLIMITED } from '../../src/access/roles.ts';
import {
  EVERYTHING,
  FIELD_GROUPS,
  type FieldGroup,
  type RoleConfig,
} from '../../src/config/access.ts';
import { compileFilter, oneOf, oneOfDevices } from '../../src/journal/filter.ts';
import type { Recognition } from '../../src/journal/recognition.ts';
import { FULL_ROLE } from '../support/access.ts';
import { anyRecognition } from '../support/arbitraries.ts';

const NOW = 1_000_000;

/** Said anew, in the simplest way. */
const covers = ({ siteIds, boxIds, deviceIds, personTypes }: Grant, event: Recognition): boolean =>
  oneOf(siteIds)(event.siteId) &&
  oneOf(boxIds)(event.boxId) &&
  oneOfDevices(deviceIds)(event.boxId, event.deviceId) &&
  oneOf(personTypes)(event.personType);

const remembers = ({ historyMs }: Grant, { receivedAt }: Recognition): boolean =>
  historyMs > 0 && receivedAt >= NOW - historyMs;

const event = anyRecognition.map((each) => ({
  ...each,
  receivedAt: Math.abs(each.receivedAt) % NOW,
}));

const someOf = <Value>(values: readonly Value[]): fc.Arbitrary<Value[] | undefined> =>
  fc.option(fc.subarray([...values]), { nil: undefined });

/** Grants about the places and types that the events have. */
const drawn = fc.array(event, { minLength: 1, maxLength: 8 }).chain((events) =>
  fc.record({
    events: fc.constant(events),
    grants: fc.array(
      fc.record({
        siteIds: someOf(events.map(({ siteId }) => siteId)),
        boxIds: someOf(events.map(({ boxId }) => boxId)),
        deviceIds: someOf(
          events.flatMap(({ boxId, deviceId }) => [deviceId, `${boxId}/${deviceId}`]),
        ),
        personTypes: someOf(events.map(({ personType }) => personType)),
        fields: fc.subarray<FieldGroup>([...FIELD_GROUPS]),
        historyMs: fc.constantFrom(0, NOW / 2, Infinity),
      }),
      { maxLength: 3 },
    ),
  }),
);

describe('a permission class', () => {
  it('sees what one of its grants covers, and of it the fields of all that cover it', () => {
    fc.assert(
      fc.property(drawn, ({ events, grants }) => {
        const all = new PermissionClass(grants);
        const isLive = compileFilter(all.live({}));
        const isPast = compileFilter(all.past({}, NOW));
        for (const each of events) {
          const covering = grants.filter((grant) => covers(grant, each));
          const remembering = covering.filter((grant) => remembers(grant, each));
          expect(isLive(each)).toBe(covering.length > 0);
          expect(isPast(each)).toBe(remembering.length > 0);
          expect(all.remembers(each, NOW)).toBe(remembering.length > 0);
          if (covering.length > 0) expect(all.fieldsOf(each)).toEqual(fieldsOf(covering));
          if (remembering.length > 0) {
            expect(all.fieldsOf(each, NOW)).toEqual(fieldsOf(remembering));
          }
        }
      }),
    );
  });

  it('does not tell by a filter who somebody is', () => {
    fc.assert(
      fc.property(drawn, fc.boolean(), ({ events, grants }, isGroup) => {
        const all = new PermissionClass(grants);
        for (const each of events) {
          const filter = isGroup
            ? { groupNames: [each.groupName] }
            : { identityIds: [each.identityId] };
          if (compileFilter(all.live(filter))(each)) {
            expect(all.fieldsOf(each)).toContain('identity');
          }
          if (compileFilter(all.past(filter, NOW))(each)) {
            expect(all.fieldsOf(each, NOW)).toContain('identity');
          }
        }
      }),
    );
  });

  it('is the same for equal grants, however they are written', () => {
    const one = new PermissionClass([
      { ...FULL_ROLE, siteIds: ['a', 'b'], fields: ['face', 'identity'] },
      { ...FULL_ROLE, boxIds: ['c'] },
    ]);
    const other = new PermissionClass([
      { ...FULL_ROLE, boxIds: ['c', 'c'] },
      { ...FULL_ROLE, siteIds: ['b', 'a', 'b'], fields: ['identity', 'face', 'face'] },
      { ...FULL_ROLE, boxIds: ['c'] },
    ]);
    expect(other.key).toBe(one.key);
  });

  it('differs for grants that differ', () => {
    const classes = [
      [],
      [{ ...FULL_ROLE, siteIds: [] }],
      [{ ...FULL_ROLE, siteIds: ['a'] }],
      [{ ...FULL_ROLE, boxIds: ['a'] }],
      [{ ...FULL_ROLE, fields: [] }],
      [{ ...FULL_ROLE, historyMs: 0 }],
      [{ ...FULL_ROLE, historyMs: 1 }],
      [FULL_ROLE],
    ].map((grants) => new PermissionClass(grants).key);
    expect(new Set(classes).size).toBe(classes.length);
  });

  it('is everything as soon as one grant is', () => {
    const all = new PermissionClass([{ ...FULL_ROLE, siteIds: ['a'] }, FULL_ROLE]);
    expect(all.isUnlimited).toBe(true);
    expect(all.key).toBe(UNLIMITED.key);
  });
});

const fieldsOf = (grants: readonly Grant[]): ReadonlySet<FieldGroup> =>
  new Set(grants.flatMap(({ fields }) => fields));

describe('roles', () => {
  const screen: RoleConfig = { ...FULL_ROLE, fields: ['face'], operations: 'trusted' };

  it('add up', () => {
    const roles = new Roles({
      roles: new Map<string, RoleConfig>([
        ['screen', screen],
        ['scrape', { ...FULL_ROLE, siteIds: [], mayReadMetrics: true }],
      ]),
    });
    expect(roles.allowing(['screen', 'scrape']).rights).toEqual({
      erase: false,
      metrics: true,
      answer: false,
      export: false,
      anyOperation: true,
    });
    expect(roles.allowing(['screen']).rights.anyOperation).toBe(false);
  });

  it('allow nothing that nobody has configured, and say so', () => {
    const unknown: (readonly string[])[] = [];
    const roles = new Roles({ roles: new Map(), unknownRoles: (names) => unknown.push(names) });
    const { permissionClass, rights } = roles.allowing(['guard']);
    expect(permissionClass.scopes).toEqual([]);
    expect(rights).toEqual({
      erase: false,
      metrics: false,
      answer: false,
      export: false,
      anyOperation: false,
    });
    expect(unknown).toEqual([['guard']]);
  });

  it('share one class where they allow the same', () => {
    const roles = new Roles({
      roles: new Map([
        ['a', screen],
        ['b', { ...screen }],
      ]),
    });
    const { permissionClass } = roles.allowing(['a']);
    expect(roles.allowing(['b', 'a']).permissionClass).toBe(permissionClass);
    expect(roles.classOf(permissionClass.key)).toBe(permissionClass);
    expect(roles.allowing([EVERYTHING]).permissionClass.isUnlimited).toBe(true);
  });
});
