import { ApolloClient, ApolloLink, gql, InMemoryCache, Observable } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';
import { print } from 'graphql';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ruleMatch, watchedEntry } from '../support/alarms.ts';
import { InsideGraphQL } from '../support/graphql.ts';

let gateway: InsideGraphQL;
beforeEach(() => {
  gateway = new InsideGraphQL();
});
afterEach(() => gateway[Symbol.asyncDispose]());

const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

/** Apollo's cache over the gateway, which joins the pages of each connection. */
function apollo() {
  const paged = relayStylePagination(['filter', 'name']);
  const cache = new InMemoryCache({
    typePolicies: {
      Query: { fields: { people: paged, alarms: paged, recognitionEvents: paged } },
      Person: { keyFields: false, merge: true, fields: { events: relayStylePagination() } },
    },
  });
  const link = new ApolloLink(({ query, variables }) => {
    return new Observable((observer) => {
      gateway.ask(print(query), variables).then((result) => {
        observer.next({ data: result.data ?? null });
        observer.complete();
      }, observer.error);
    });
  });
  return new ApolloClient({ link, cache });
}

interface Connection {
  readonly edges: readonly { readonly node: { readonly key: string } }[];
  readonly pageInfo: Readonly<Record<string, unknown>>;
}

type Data = Readonly<Record<string, unknown>>;

/** All pages of a connection, asked for one after the other, as Apollo joins them. */
async function joined(
  text: string,
  connectionOf: (data: Data) => unknown,
  nextOf: (pageInfo: Data) => Record<string, unknown> | undefined,
): Promise<readonly string[]> {
  const client = apollo();
  const query = gql(text);
  for (let variables: Record<string, unknown> | undefined = {}; ; ) {
    await client.query({ query, variables, fetchPolicy: 'network-only' });
    const all = connectionOf(client.readQuery<Data>({ query }) ?? {}) as Connection;
    variables = nextOf(all.pageInfo);
    if (variables) continue;
    client.stop();
    return all.edges.map(({ node }) => node.key);
  }
}

const forwards = ({ hasNextPage, endCursor }: Data) =>
  hasNextPage ? { after: endCursor } : undefined;

it('Apollo joins pages of people and of one person’s events, the newest first', async () => {
  const ids: string[] = [];
  for (const identityId of ['1', '2', '3', '2', '4', '5', '2']) {
    const record = await gateway.inside.event({ identityId });
    if (record.kind === 'event' && identityId === '2') ids.unshift(record.event.id);
  }
  const people = await joined(
    `query ($after: String) { people(first: 2, after: $after) { edges { cursor node { key: identityId identityId } } ${PAGE_INFO} } }`,
    (data) => data['people'],
    forwards,
  );
  expect(people).toEqual(['2', '5', '4', '3', '1']);
  const events = await joined(
    `query ($after: String) { person(identityId: "2") { identityId events(first: 1, after: $after) { edges { cursor node { key: id id } } ${PAGE_INFO} } } }`,
    (data) => (data['person'] as Data)['events'],
    forwards,
  );
  expect(events).toEqual(ids);
});

it('Apollo joins pages of events from either end', async () => {
  const ids = (await gateway.inside.events(5)).map((record) =>
    record.kind === 'event' ? record.event.id : '',
  );
  const fields = `{ edges { cursor node { key: id id } } ${PAGE_INFO} }`;
  const oldest = await joined(
    `query ($after: String) { recognitionEvents(first: 2, after: $after) ${fields} }`,
    (data) => data['recognitionEvents'],
    forwards,
  );
  expect(oldest).toEqual(ids);
  const newest = await joined(
    `query ($before: String) { recognitionEvents(last: 2, before: $before) ${fields} }`,
    (data) => data['recognitionEvents'],
    ({ hasPreviousPage, startCursor }) => (hasPreviousPage ? { before: startCursor } : undefined),
  );
  expect(newest).toEqual(ids);
});

it('Apollo joins pages of alarms, also of those that one event opened', async () => {
  const matches = Array.from({ length: 5 }, (_, index) => ruleMatch({ rule: `rule-${index}` }));
  const [first, ...others] = matches;
  await gateway.inside.journal.append(watchedEntry({ identityId: '1' }, ...(first ? [first] : [])));
  await gateway.inside.journal.append(watchedEntry({ identityId: '2' }, ...others));
  const alarms = await joined(
    `query ($after: String) { alarms(first: 2, after: $after) { edges { cursor node { key: id id } } ${PAGE_INFO} } }`,
    (data) => data['alarms'],
    forwards,
  );
  expect(alarms).toHaveLength(5);
  expect(new Set(alarms)).toEqual(new Set(matches.map(({ alarm }) => alarm)));
});
