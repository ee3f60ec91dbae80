import type { OperationDocument } from './document.ts';
import {
  PeopleDocument,
  PersonDocument,
  type PersonFragment,
  type RecognitionEventFilter,
  type RecognitionEventFragment,
} from './generated/operations.ts';

export interface PeopleOptions {
  /** Which events count. Left out: all that are kept. */
  readonly filter?: RecognitionEventFilter | undefined;
  /** A part of the name, 1 to 256 characters, whatever its case and accents. Left out: anybody. */
  readonly name?: string | undefined;
  /** 1 to 100. Default 50. */
  readonly first?: number | undefined;
  /** The `endCursor` of a page. Left out: begins with the person who was seen last. */
  readonly after?: string | undefined;
  /** Puts `base64` beside the `url` of each picture that is still kept. Default false. */
  readonly withBase64?: boolean | undefined;
}

export interface PeoplePage {
  /** The one who was seen last first. They may be few or none, and a next page have more. */
  readonly people: readonly PersonFragment[];
  readonly hasNextPage: boolean;
  /** `after` of the next page; null when there is none and this one is empty. */
  readonly endCursor: string | null;
}

export interface PersonOptions {
  /** Events of the page, 0 to 500. Default 50. */
  readonly first?: number | undefined;
  /** The `endCursor` of a page. Left out: begins with the newest event. */
  readonly after?: string | undefined;
  /** Puts `base64` beside the `url` of each picture that is still kept. Default false. */
  readonly withBase64?: boolean | undefined;
}

export interface PersonPage {
  readonly person: PersonFragment;
  /** Over all sites, the newest first. */
  readonly events: readonly RecognitionEventFragment[];
  /** Whether there are older ones. */
  readonly hasNextPage: boolean;
  /** `after` of the next page; null for an empty page. */
  readonly endCursor: string | null;
}

export interface PeopleClient {
  /** The persons whom boxes have recognised, page by page. Nobody, where the token does not show who people are. */
  people(options?: PeopleOptions): Promise<PeoplePage>;
  /** One of them, with a page of their events; null when the gateway keeps none, or does not show them. */
  person(identityId: string, options?: PersonOptions): Promise<PersonPage | null>;
}

/** How a client asks. */
interface Queries {
  ask<TResult, TVariables>(
    document: OperationDocument<TResult, TVariables>,
    variables: object | undefined,
  ): Promise<TResult>;
}

export const createPeopleClient = ({ ask }: Queries): PeopleClient => ({
  people: async (variables) => {
    const { edges, pageInfo } = (await ask(PeopleDocument, variables)).people;
    return { people: edges.map(({ node }) => node), ...pageInfo };
  },
  person: async (identityId, options) => {
    const { person: found } = await ask(PersonDocument, { ...options, identityId });
    if (!found) return null;
    const { events, ...person } = found;
    return { person, events: events.edges.map(({ node }) => node), ...events.pageInfo };
  },
});
