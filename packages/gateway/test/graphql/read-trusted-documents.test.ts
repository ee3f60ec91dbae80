import { mkdtempDisposableSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Openness } from '../../src/config/config.ts';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { ConfigError } from '../../src/config/problems.ts';
import { readTrustedDocuments } from '../../src/graphql/read-trusted-documents.ts';
import { TrustedDocuments } from '../../src/graphql/trusted-documents.ts';

const QUERY = 'query Sites { sites { id } }';

function fileWith(content: string): string {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'documents-'));
  onTestFinished(() => folder[Symbol.dispose]());
  const path = join(folder.path, 'documents.json');
  writeFileSync(path, content);
  return path;
}

const read = (path: string, introspection: Openness = true) =>
  readTrustedDocuments(path, DEFAULT_LIMITS, introspection);

const problemOf = async (path: string, introspection?: Openness): Promise<string> => {
  const error: unknown = await read(path, introspection).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigError)) throw new Error('the file was taken', { cause: error });
  expect(error.message).toContain(path);
  return error.message.replaceAll(path, 'FILE');
};

describe('the file of trusted documents', () => {
  it('is a map of hashes and documents, as graphql-codegen and Relay write it', async () => {
    const sha256 = 'ab'.repeat(32);
    const md5 = 'cd'.repeat(16);
    const documents = await read(
      fileWith(JSON.stringify({ [sha256]: QUERY, [md5]: '{ cursor }' })),
    );
    expect(documents.size).toBe(2);
    expect(documents.get(sha256)).toBe(QUERY);
    expect(documents.get(md5)).toBe('{ cursor }');
    expect(documents.get('constructor')).toBeUndefined();
  });

  it('may write sha256: in front of its hashes', async () => {
    const documents = await read(fileWith(JSON.stringify({ 'sha256:ab': QUERY })));
    expect(documents.get('ab')).toBe(QUERY);
  });

  it('is refused with its name when it is not JSON', async () => {
    expect(await problemOf(fileWith('{ "ab": '))).toMatch(
      /^FILE: access\.documents: found no JSON .* expected: a JSON object with a hash/,
    );
  });

  it.each(['[]', '"x"', 'null'])('is refused when it is another value: %s', async (content) => {
    expect(await problemOf(fileWith(content))).toContain('found another value; expected: a JSON');
  });

  it('is refused with the hash of what is no text', async () => {
    expect(await problemOf(fileWith('{"ab":{"body":"{ cursor }"}}'))).toContain(
      'document "ab"; expected',
    );
  });

  it('is refused with the hash of each document that can not run', async () => {
    const message = await problemOf(
      fileWith(
        JSON.stringify({
          broken: '{ sites {',
          unknown: '{ faces { id } }',
          fine: QUERY,
          fragment: 'fragment F on Site { id }',
          deep: `{ sites ${'{ boxes { site '.repeat(8)}{ id }${' } }'.repeat(8)} }`,
        }),
      ),
    );
    expect(message.split('\n')).toEqual([
      expect.stringMatching(/^FILE: document "broken": Syntax Error/),
      expect.stringMatching(/^FILE: document "unknown": Cannot query field "faces"/),
      expect.stringMatching(/^FILE: document "fragment": /),
      expect.stringMatching(/^FILE: document "deep": .* nesting depth is/),
    ]);
  });

  it('lists ten problems, and how many more there are', async () => {
    const documents = Object.fromEntries(Array.from({ length: 13 }, (_, at) => [`h${at}`, '{']));
    const lines = (await problemOf(fileWith(JSON.stringify(documents)))).split('\n');
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('and 3 more documents');
  });

  it('may introspect unless introspection is off', async () => {
    const path = fileWith(JSON.stringify({ ab: '{ __schema { queryType { name } } }' }));
    expect((await read(path, 'authenticated')).size).toBe(1);
    expect(await problemOf(path, false)).toContain('document "ab": Introspection is');
  });

  it('is refused when it is not there, or too large', async () => {
    expect(await problemOf(join(tmpdir(), 'no-documents.json'))).toContain('there is no such file');
    const path = fileWith('{}');
    truncateSync(path, 16 * 2 ** 20 + 1);
    expect(await problemOf(path)).toContain('found 16777217 bytes; allowed: 16777216');
  });
});

describe('a trusted document', () => {
  const documents = new TrustedDocuments(new Map([['ab', QUERY]]));

  it('is known by its text, however white space, commas and comments are put', () => {
    const ignored = fc
      .array(fc.constantFrom(' ', '\n', ',', '\t', '\uFEFF', '# a comment\n'), { maxLength: 4 })
      .map((parts) => ` ${parts.join('')}`);
    const tokens = QUERY.split(' ');
    fc.assert(
      fc.property(fc.array(ignored, { minLength: 6, maxLength: 6 }), (gaps) => {
        const text = tokens.map((token, at) => `${token}${gaps[at] ?? ' '}`).join('');
        expect(documents.has(text)).toBe(text.length <= QUERY.length * 4);
      }),
    );
  });

  it.each([
    'query Sites { sites { id name } }',
    'query Site { sites { id } }',
    '{ sites { id } }',
    'query Sites { sites { id } } query Sites2 { cursor }',
    '{',
    '"',
    `${QUERY}${' '.repeat(1_000_000)}`,
  ])('is not known by another text (%#)', (text) => {
    expect(documents.has(text)).toBe(false);
  });
});
