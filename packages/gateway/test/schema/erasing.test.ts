import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RoleConfig } from '../../src/config/access.ts';
import { InsideGraphQL } from '../support/graphql.ts';
import { recognition } from '../support/recognitions.ts';
import { viewerWith } from '../support/viewers.ts';

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 0, 15, 12);

let gateway: InsideGraphQL;
beforeEach(() => {
  gateway = new InsideGraphQL();
});
afterEach(() => gateway[Symbol.asyncDispose]());

const OFFICER: Partial<RoleConfig> = { mayErase: true, siteIds: [] };

async function erase(mutation: string, role = OFFICER) {
  const query = `mutation { ${mutation} { events pictures hasClear } }`;
  const { data, errors = [] } = await gateway.ask(query, undefined, viewerWith(role));
  return { data, codes: errors.map(({ extensions }) => extensions?.['code']) };
}

async function remembered(): Promise<unknown> {
  const { data } = await gateway.ask('{ recognitionEvents { edges { node { identityId } } } }');
  return data?.['recognitionEvents'];
}

const seen = (identityId: string, at = NOON) =>
  gateway.inside.journal.append({
    kind: 'event',
    event: recognition({ identityId, occurredAt: at, receivedAt: at }),
  });

const nodes = (...identityIds: string[]) => ({
  edges: identityIds.map((identityId) => ({ node: { identityId } })),
});

it('erases a person, for a role that may, whatever else it sees', async () => {
  await seen('id-1');
  await seen('id-2');
  const answer = await erase('erasePerson(identityId: "id-1")');
  expect(answer.data).toEqual({ erasePerson: { events: 1, pictures: 0, hasClear: false } });
  expect(await remembered()).toEqual(nodes('id-2'));
});

it('says that a person is not there, so that a mistyped id is no success', async () => {
  await seen('id-1');
  expect((await erase('erasePerson(identityId: "id-7")')).codes).toEqual(['PERSON_NOT_FOUND']);
  expect((await erase('erasePerson(identityId: "")')).codes).toEqual(['BAD_USER_INPUT']);
  expect(await remembered()).toEqual(nodes('id-1'));
});

it('erases what is older than a time', async () => {
  await seen('id-1', NOON - DAY_MS);
  await seen('id-2');
  const answer = await erase('eraseBefore(time: "2026-01-15T00:00:00Z")');
  expect(answer.data).toMatchObject({ eraseBefore: { events: 1 } });
  expect(await remembered()).toEqual(nodes('id-2'));
});

it('is refused to a role that may not', async () => {
  await seen('id-1');
  const role = { fields: ['identity'] as const };
  expect((await erase('erasePerson(identityId: "id-1")', role)).codes).toEqual(['NOT_ALLOWED']);
  expect((await erase('eraseBefore(time: "2026-02-01T00:00:00Z")', role)).codes).toEqual([
    'NOT_ALLOWED',
  ]);
  expect(await remembered()).toEqual(nodes('id-1'));
});
