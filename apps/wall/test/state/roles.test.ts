import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRoles } from '../../src/state/roles.ts';
import { pageNames, viewFromSearch, viewToSearch } from '../../src/state/view.ts';

const origin = 'http://127.0.0.1:4000';
const desk = { id: 'desk', name: 'Desk', description: 'All of it.', hidden: [] };
const screen = {
  id: 'screen',
  name: 'Screen',
  description: 'Little of it.',
  hidden: ['identity', 'nothing that there is'],
  gateway: { port: 4001, token: 'a-token' },
};

describe('the roles that are offered', () => {
  test('have the gateway of the page, or one at another port of its host', () => {
    expect(parseRoles([desk, screen], origin)).toEqual([
      { ...desk, hidden: new Set(), url: origin, others: [], token: undefined },
      {
        id: 'screen',
        name: 'Screen',
        description: 'Little of it.',
        hidden: new Set(['identity']),
        url: 'http://127.0.0.1:4001',
        others: [],
        token: 'a-token',
      },
    ]);
    expect(parseRoles([screen], 'http://localhost')[0].url).toBe('http://localhost:4001');
  });

  test('are one of the page’s gateway alone where none is offered', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.constant([{ id: 1 }])), (value) => {
        expect(parseRoles(value, origin)).toMatchObject([{ url: origin, token: undefined }]);
      }),
    );
  });
});

describe('the view in the address', () => {
  const roles = parseRoles([desk, screen], origin);
  const list = fc.array(fc.string({ unit: 'binary' }));

  test('survives the way through it, and holds no token', () => {
    const filters = fc.record({
      siteIds: list,
      deviceIds: list,
      personTypes: fc.constant([]),
      identityIds: list,
    });
    const view = fc.record({
      page: fc.constantFrom(...pageNames),
      role: fc.constantFrom(...roles),
      filters,
      day: fc.constantFrom(undefined, '2026-11-29'),
      until: fc.constantFrom(undefined, '2026-11-29T14:00:00.000Z'),
      eventId: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
      isKiosk: fc.boolean(),
    });
    fc.assert(
      fc.property(view, (view) => {
        const search = viewToSearch(view, roles);
        expect(viewFromSearch(search, roles)).toEqual(view);
        expect(search).not.toContain('a-token');
      }),
    );
  });

  test('is that of the first role where it names none that there is', () => {
    expect(viewFromSearch('', roles).role.id).toBe('desk');
    expect(viewFromSearch('?role=other', roles).role.id).toBe('desk');
  });
});
