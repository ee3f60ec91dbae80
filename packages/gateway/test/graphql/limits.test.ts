import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type LimitsConfig } from '../../src/config/limits.ts';
import { DocumentCache } from '../../src/graphql/document-cache.ts';
import { measureOperations } from '../../src/graphql/operation-size.ts';
import { buildSchema } from '../../src/schema/schema.ts';

const schema = buildSchema();
const sizeOf = (text: string) => measureOperations(schema, parse(text));

describe('the size of an operation', () => {
  it.each([
    ['{ cursor }', 1],
    ['{ boxes { site { id } } }', 3],
    ['{ boxes { ... on Box { site { ...S } } } } fragment S on Site { boxes { id } }', 4],
    ['query A { cursor } query B { boxes { id } }', 2],
  ])('has the depth of its fields: %s', (text, depth) => {
    expect(sizeOf(text).depth).toBe(depth);
  });

  it('counts an alias wherever its fragment is spread', () => {
    const text =
      '{ a: cursor boxes { ...F site { boxes { ...F } } } } fragment F on Box { b: id c: id }';
    expect(sizeOf(text).aliases).toBe(5);
  });

  it('is found at once when fragments spread each other again and again', () => {
    const levels = Array.from(
      { length: 40 },
      (_, level) =>
        `fragment F${level} on Site { boxes { site { ...F${level + 1} ...F${level + 1} } } }`,
    );
    const text = `{ sites { ...F0 } } ${levels.join('\n')} fragment F40 on Site { id }`;
    expect(sizeOf(text).depth).toBe(82);
  });
});

describe('a document', () => {
  const codesOf = (text: string, limits: Partial<LimitsConfig> = {}) => {
    const checked = new DocumentCache(schema, { ...DEFAULT_LIMITS, ...limits }).get(text);
    return 'errors' in checked ? checked.errors.map(({ extensions }) => extensions['code']) : [];
  };
  const deep = `{ sites ${'{ boxes { site '.repeat(6)}{ id }${'} }'.repeat(6)} }`;

  it.each([
    ['DOCUMENT_TOO_LARGE', `{ cursor } # ${'é'.repeat(8_200)}`],
    ['TOO_MANY_ALIASES', `{ ${Array.from({ length: 51 }, (_, n) => `a${n}: cursor`).join(' ')} }`],
    ['LIST_TOO_LONG', `{ boxes(siteIds: [${'"a" '.repeat(1_001)}]) { id } }`],
  ])('is refused with %s', (code, text) => {
    expect(codesOf(text)).toEqual([code]);
  });

  it('is refused with all that is too much of it', () => {
    const aliases = deep.replace('{ id }', `{ ${'a: id '.repeat(51)} }`);
    expect(codesOf(aliases)).toEqual(['OPERATION_TOO_DEEP', 'TOO_MANY_ALIASES']);
    expect(codesOf(aliases, { depth: 20, aliases: 51 })).toEqual([]);
  });

  it('may ask for all that there is to know of an event', () => {
    const place =
      'id name box { id name link { state since lastError } } site { id name timezone }';
    const image = '{ url base64 byteLength contentType }';
    const event = `id cursor occurredAt receivedAt delivery replayed personType identityId
      identityName groupName identityInfo score similarity deviceType deviceIp imagesOmitted extra
      device { ${place} } box { id name } site { id name } gapsBefore { reason from to boxId count }
      faceImage ${image} sceneImage ${image} registeredImage ${image}`;
    expect(codesOf(`subscription { recognitionEvents(withImages: true) { ${event} } }`)).toEqual(
      [],
    );
  });

  it('may be the introspection that tools send', () => {
    const text = getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    expect(codesOf(text)).toEqual([]);
  });
});
