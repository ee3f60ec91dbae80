import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { describe, expectTypeOf, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  type Box,
  type Client,
  type ClientState,
  createClient,
  type Device,
  type FieldGroup,
  type Gap,
  type PersonType,
  type RecognitionEvent,
  type Site,
  type Stream,
  type TypedDocument,
  type Viewer,
} from '../src/index.ts';

// As graphql-codegen makes it with documentMode: 'string'.
class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
}

const client = createClient({ url: 'http://127.0.0.1:4000', fetch, WebSocket });

describe('the types of', () => {
  test('an address, or a list of at least one', () => {
    type Url = Parameters<typeof createClient>[0]['url'];
    expectTypeOf<readonly ['http://a', 'http://b']>().toExtend<Url>();
    expectTypeOf<readonly []>().not.toExtend<Url>();
  });

  test('what the client answers', () => {
    expectTypeOf(client.viewer).returns.resolves.toEqualTypeOf<Viewer>();
    expectTypeOf<Viewer['sites'][number]['fields']>().toEqualTypeOf<readonly FieldGroup[]>();
    expectTypeOf(client.sites).returns.resolves.toEqualTypeOf<readonly Site[]>();
    expectTypeOf(client.boxes).returns.resolves.toEqualTypeOf<readonly Box[]>();
    expectTypeOf(client.devices).returns.resolves.toEqualTypeOf<readonly Device[]>();
    expectTypeOf(client.recognitionEvents).returns.toEqualTypeOf<Stream<RecognitionEvent>>();
    expectTypeOf(client.boxStatus).returns.toEqualTypeOf<Stream<Box>>();
  });

  test('an event', () => {
    expectTypeOf<RecognitionEvent['occurredAt']>().toEqualTypeOf<string>();
    expectTypeOf<RecognitionEvent['similarity']>().toEqualTypeOf<number>();
    expectTypeOf<RecognitionEvent['extra']>().toEqualTypeOf<unknown>();
    expectTypeOf<RecognitionEvent['personType']>().toEqualTypeOf<PersonType>();
    expectTypeOf<'STRANGER'>().toExtend<PersonType>();
    expectTypeOf<RecognitionEvent['site']>().toEqualTypeOf<Site>();
    expectTypeOf<RecognitionEvent['gapsBefore']>().toEqualTypeOf<ReadonlyArray<Gap>>();
    expectTypeOf<NonNullable<RecognitionEvent['faceImage']>['url']>().toEqualTypeOf<
      string | null
    >();
  });

  test('the state, where what belongs to it is known', () => {
    expectTypeOf<Extract<ClientState, { name: 'waiting' }>['retryAt']>().toEqualTypeOf<number>();
    expectTypeOf<Extract<ClientState, { name: 'live' }>['url']>().toEqualTypeOf<string>();
    expectTypeOf<Extract<ClientState, { name: 'live' }>>().not.toHaveProperty('reason');
  });

  test("a user's own documents", () => {
    type Result = { readonly device: { readonly id: string } | null };
    const ask = (asked: Client) => {
      const needsId = 'query' as TypedDocument<Result, { id: string }>;
      expectTypeOf(asked.query(needsId, { id: 'gate' })).resolves.toEqualTypeOf<Result>();
      // @ts-expect-error: the id is required.
      void asked.query(needsId);
      // @ts-expect-error: and is text.
      asked.subscribe(needsId, { id: 7 });

      const codegen = new TypedDocumentString<Result, { after?: string | null | undefined }>('');
      expectTypeOf(asked.subscribe(codegen)).toEqualTypeOf<Stream<Result>>();
      expectTypeOf(asked.subscribe(codegen, { after: null })).toEqualTypeOf<Stream<Result>>();

      expectTypeOf(asked.query('{ cursor }')).resolves.toEqualTypeOf<unknown>();
      expectTypeOf(asked.query<Result>('{ cursor }', { a: 1 })).resolves.toEqualTypeOf<Result>();
      // @ts-expect-error: a parsed document is not text.
      void asked.query({ kind: 'Document', definitions: [] });
    };
    expectTypeOf(ask).toBeFunction();
  });
});
