import { stat } from 'node:fs/promises';
import type { GraphQLError } from 'graphql';
import { z } from 'zod';
import type { Openness } from '../config/config.ts';
import { ConfigError } from '../config/problems.ts';
import { readText } from '../config/read-text.ts';
import { buildSchema } from '../schema/schema.ts';
import { DocumentCache, type DocumentLimits } from './document-cache.ts';
import { TrustedDocuments } from './trusted-documents.ts';

/** Of the file, in bytes. */
const MAX_BYTES = 16 * 2 ** 20;

const MAX_DOCUMENTS = 10_000;

/** Problems that one message lists. */
const MAX_TOLD = 10;

const FORM = 'expected: a JSON object with a hash as each key and a GraphQL document as each value';

const fileSchema = z.record(z.string().min(1).max(256), z.string());

/**
 * Reads a file of trusted documents, as the client preset of graphql-codegen (`persistedDocuments`)
 * and Relay (`persistConfig`) write it: a JSON object of hashes and documents. The keys may be of
 * any hash function; they are not compared with the documents.
 *
 * @param limits hold for trusted documents too; a document above one is refused here.
 * @throws {ConfigError} that names the file and the hash of each document that can't be run.
 */
export async function readTrustedDocuments(
  path: string,
  limits: DocumentLimits,
  introspection: Openness,
): Promise<TrustedDocuments> {
  const documents = await readDocuments(path);
  const checked = new DocumentCache(buildSchema(), limits, introspection !== false);
  const problems = [...documents].flatMap(([key, text]) => {
    const found = checked.get(text);
    return 'errors' in found ? [problemOf(path, key, found.errors)] : [];
  });
  if (problems.length > 0) throw new ConfigError(path, [], shortened(problems).join('\n'));
  return new TrustedDocuments(documents);
}

async function readDocuments(path: string): Promise<ReadonlyMap<string, string>> {
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  if (size > MAX_BYTES) {
    throw unusable(
      path,
      `found ${size} bytes; allowed: ${MAX_BYTES}. Remove documents that no client uses any more`,
    );
  }
  const text = await readText(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw unusable(path, `found no JSON (${String(error)}); ${FORM}`, error);
  }
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) {
    const key = parsed.error.issues[0]?.path[0];
    const where = key === undefined ? 'found another value' : `document ${JSON.stringify(key)}`;
    throw unusable(path, `${where}; ${FORM}`);
  }
  const documents = new Map(Object.entries(parsed.data));
  if (documents.size > MAX_DOCUMENTS) {
    throw unusable(path, `found ${documents.size} documents; allowed: ${MAX_DOCUMENTS}`);
  }
  return documents;
}

const unusable = (path: string, message: string, cause?: unknown): ConfigError =>
  new ConfigError(path, [], `${path}: access.documents: ${message}`, { cause });

const problemOf = (path: string, key: string, errors: readonly GraphQLError[]): string =>
  `${path}: document ${JSON.stringify(key)}: ${errors.map(({ message }) => message).join(' ')}`;

const shortened = (problems: readonly string[]): readonly string[] =>
  problems.length <= MAX_TOLD
    ? problems
    : [...problems.slice(0, MAX_TOLD), `and ${problems.length - MAX_TOLD} more documents`];
