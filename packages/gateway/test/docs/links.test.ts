import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const PAGES = globSync(['*.md', 'docs/**/*.md', 'packages/*/*.md'], { cwd: root }).toSorted();

/** A page without the parts that only show Markdown: fenced blocks and inline code. */
const proseOf = (text: string): string =>
  text.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '');

/** The targets of a page's links and pictures, those to other hosts left out. */
const targetsOf = (text: string): string[] =>
  Array.from(proseOf(text).matchAll(/\]\(([^()\s]+)\)/g), ([, target = '']) => target).filter(
    (target) => !/^[a-z]+:/.test(target),
  );

/** The anchors of a page's headings, as GitHub makes them: the second "A b" is `a-b-1`. */
function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of text
    .replace(/^```.*?^```$/gms, '')
    .matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Undefined for a link that leads somewhere. */
function brokenBy(page: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(root, page) : join(root, dirname(page), decodeURI(path));
  if (!existsSync(file)) return `${target}: there is no such file`;
  if (anchor === undefined) return undefined;
  if (!file.endsWith('.md')) return `${target}: only Markdown has headings`;
  const anchors = anchorsOf(readFileSync(file, 'utf8'));
  return anchors.has(anchor) ? undefined : `${target}: the page has no such heading`;
}

const read = (page: string): string => readFileSync(join(root, page), 'utf8');

describe('the links of the documentation', () => {
  it('are on many pages', () => {
    expect(PAGES).toContain('README.md');
    expect(PAGES).toContain('packages/client/README.md');
    expect(PAGES.flatMap((page) => targetsOf(read(page))).length).toBeGreaterThan(100);
  });

  it.each(PAGES)('in %s lead to files and headings that exist', (page) => {
    const broken = targetsOf(read(page)).flatMap((target) => brokenBy(page, target) ?? []);
    expect(broken).toEqual([]);
  });
});

it('the index of the documentation has every page, but each decision', () => {
  const linked = new Set(
    targetsOf(read('docs/README.md')).map((target) =>
      relative(root, join(root, 'docs', target.replace(/#.*/, ''))),
    ),
  );
  const pages = PAGES.filter(
    (page) =>
      page.startsWith('docs/') && !/^docs\/(README|decisions\/(?!README).*)\.md$/.test(page),
  );
  expect(pages.length).toBeGreaterThan(12);
  expect(pages.filter((page) => !linked.has(page))).toEqual([]);
});

it.each([
  ['# Access', 'access'],
  ['## GraphiQL and introspection', 'graphiql-and-introspection'],
  ['### `limits.*`, and _more_', 'limits-and-_more_'],
  ['## [A page](page.md)', 'a-page'],
  ['## A\n## A', 'a-1'],
])('the anchor of %j is %j', (text, anchor) => {
  expect([...anchorsOf(text)]).toContain(anchor);
});
