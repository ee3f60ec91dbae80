import { ClientError } from './errors.ts';

/** A GraphQL operation as text that knows the types of its result and its variables. */
export type TypedDocument<TResult, TVariables> = string & {
  readonly __apiType?: (variables: TVariables) => TResult;
};

/**
 * What `query` and `subscribe` accept: a plain string, a `TypedDocument`, or the
 * `TypedDocumentString` that graphql-codegen makes with `documentMode: 'string'`. Not the parsed
 * form: printing that would put all of `graphql` into the bundle.
 */
export interface OperationDocument<TResult, TVariables> {
  toString(): string;
  readonly __apiType?: (variables: TVariables) => TResult;
  readonly definitions?: never;
}

/** The variables, which may be left out when none is required, and what comes behind them. */
export type OperationArguments<TVariables, TRest extends readonly unknown[] = []> =
  Partial<TVariables> extends TVariables
    ? [variables?: TVariables | undefined, ...rest: TRest]
    : [variables: TVariables, ...rest: TRest];

/** @throws {ClientError} INVALID_ARGUMENT for a parsed document. */
export function textOf(document: { toString(): string }): string {
  const text = document.toString();
  if (text.includes('{')) return text;
  throw new ClientError(
    'INVALID_ARGUMENT',
    `"${text}" is not a GraphQL operation: pass its text, for example from graphql-codegen with documentMode: 'string'.`,
  );
}

/** What the text of a subscription says of whether it can be resumed. */
export interface ResumeTraits {
  /** It asks for recognitions or alarms, which have cursors. */
  readonly followsJournal: boolean;
  /** It declares `$after` and hands it on. */
  readonly takesAfter: boolean;
}

const COMMENTS_AND_STRINGS = /"""[\s\S]*?"""|"(?:\\.|[^"\\])*"|#.*/g;

const codeOf = (text: string): string => text.replace(COMMENTS_AND_STRINGS, ' ');

/** Whether an operation may change something. */
export const isMutation = (text: string): boolean => /\bmutation\b/.test(codeOf(text));

/**
 * Whether a mutation hands on a `$key` that names its act: the gateway applies the act once, however
 * often it comes.
 */
export const isKeyed = (text: string): boolean => /\bkey\s*:\s*\$key\b/.test(codeOf(text));

/** Read off the text: a parser would be many times the size of the client. */
export function resumeTraits(text: string): ResumeTraits {
  const code = codeOf(text);
  return {
    followsJournal: /\b(?:recognitionEvents|alarms)\b/.test(code),
    takesAfter: /\$after\s*:/.test(code) && /\bafter\s*:\s*\$after\b/.test(code),
  };
}
