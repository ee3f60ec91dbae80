import { execFileSync } from 'node:child_process';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer, natsTestsAreSkipped } from '@se5/nats-server';
import { parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/index.ts';
import { buildSchema } from '../../src/schema/schema.ts';

/** What stands between fences of a language in a page. */
async function blocks(page: string, language: string): Promise<string[]> {
  const text = await readFile(new URL(`../../../../${page}`, import.meta.url), 'utf8');
  const fenced = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms');
  return [...text.matchAll(fenced)].flatMap(([, block]) => block ?? []);
}

test('every operation of the README is one that the schema takes', async () => {
  const operations = await blocks('README.md', 'graphql');
  expect(operations.length).toBeGreaterThan(1);
  for (const operation of operations) {
    expect(validate(buildSchema(), parse(operation))).toEqual([]);
  }
});

const ENVIRONMENT = {
  SE5_TOKEN: '0123456789abcdef',
  SE5_NATS_PASSWORD: 'a password',
  HOSTNAME: 'gw-a',
};

test.each([
  ['README.md', 2],
  ['docs/configuration.md', 1],
  ['docs/cluster.md', 2],
])('the configuration in %s is valid', async (page, boxes) => {
  const files = await blocks(page, 'yaml');
  expect(files).toHaveLength(1);
  for (const file of files) {
    const config = parseConfig(file, { environment: ENVIRONMENT });
    expect(config.sites[0]?.boxes).toHaveLength(boxes);
  }
});

test.skipIf(natsTestsAreSkipped())(
  'a NATS server takes the configuration of its page',
  async () => {
    const [text = ''] = await blocks('docs/cluster.md', 'nginx');
    await using folder = await mkdtempDisposable(join(tmpdir(), 'se5-docs-'));
    const path = join(folder.path, 'nats.conf');
    // Whether the certificates are there is asked too, so it is tried without.
    const withoutTls = text.replaceAll(/^ *tls \{$.*?^ *\}$/gms, '');
    await writeFile(path, withoutTls.replace('/var/lib/nats', folder.path));
    execFileSync(findNatsServer() ?? '', ['-t', '-c', path], { stdio: 'pipe' });
    expect(text.match(/tls \{/g)).toHaveLength(2);
  },
);
