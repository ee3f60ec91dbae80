/** A file below /etc/apt that lists sources. */
export interface SourcesFile {
  readonly name: string;
  readonly text: string;
}

interface Source {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
}

/**
 * The URI from which a machine gets the release that it runs, e.g. `http://deb.debian.org/debian`.
 * It has the other suites, too. Undefined when no source has that release.
 *
 * @param codename e.g. `bookworm`.
 */
export function debianMirror(files: readonly SourcesFile[], codename: string): string | undefined {
  return files
    .flatMap(({ name, text }) => (name.endsWith('.sources') ? stanzas(text) : lines(text)))
    .find(({ suites, components }) => suites.includes(codename) && components.includes('main'))
    ?.uris[0];
}

/** `deb [ option=value ] uri suite component…`; see sources.list(5). */
const lines = (text: string): Source[] =>
  text.split('\n').flatMap((line) => {
    const found = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line);
    if (found === null) return [];
    const [, uri = '', suite = '', components = ''] = found;
    return [{ uris: [uri], suites: [suite], components: words(components) }];
  });

/** The deb822 format: fields in paragraphs; see sources.list(5). */
const stanzas = (text: string): Source[] =>
  text
    .replaceAll(/^#.*\n?/gm, '')
    .split(/\n\s*\n/)
    .map((stanza) => {
      const field = (name: string): string[] =>
        words(new RegExp(`^${name}:((?:.*)(?:\\n[ \\t].*)*)`, 'im').exec(stanza)?.[1] ?? '');
      return {
        isUsed: field('Types').includes('deb') && !field('Enabled').includes('no'),
        uris: field('URIs'),
        suites: field('Suites'),
        components: field('Components'),
      };
    })
    .filter(({ isUsed }) => isUsed);

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
