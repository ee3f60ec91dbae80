import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/config/limits.ts';
import { DocumentCache } from '../../src/graphql/document-cache.ts';
import { buildSchema } from '../../src/schema/schema.ts';

describe('the documents', () => {
  const cache = () => new DocumentCache(buildSchema(), DEFAULT_LIMITS);
  const query = (name: string) => `query ${name} { cursor }`;

  it('are parsed and validated once', () => {
    const documents = cache();
    expect(documents.get(query('One'))).toBe(documents.get(query('One')));
    expect(documents.get(query('One'))).not.toBe(documents.get(query('Two')));
    expect(documents.get('{')).toBe(documents.get('{'));
    expect(documents.get('{ faces }')).toBe(documents.get('{ faces }'));
  });

  it('are remembered up to 200, those asked for last', () => {
    const documents = cache();
    const [used, unused] = [documents.get(query('Used')), documents.get(query('Unused'))];
    for (let asked = 0; asked < 199; asked += 1) {
      documents.get(query(`Other${asked}`));
      documents.get(query('Used'));
    }
    expect(documents.get(query('Used'))).toBe(used);
    expect(documents.get(query('Unused'))).not.toBe(unused);
  });

  it('are not remembered when they are long', () => {
    const documents = cache();
    const long = `${query('Long')} # ${'x'.repeat(8_192)}`;
    expect(documents.get(long)).not.toBe(documents.get(long));
  });
});
