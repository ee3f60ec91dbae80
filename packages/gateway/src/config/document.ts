import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError,
} from 'yaml';
import { type Environment, substitute } from './environment.ts';
import { type ConfigProblem, keyOf } from './problems.ts';

type Path = readonly PropertyKey[];
type Place = Pick<ConfigProblem, 'line' | 'column'>;

/** A YAML file with the environment's values put in, that still knows where everything stands. */
export interface ConfigDocument {
  /** Undefined when the text is not YAML. */
  readonly value: unknown;
  readonly problems: readonly ConfigProblem[];
  /** Where the value at the path stands; for one that is missing, what it is missing from. */
  placeOf(path: Path): Place;
  /** Where the last key of the path stands. */
  placeOfKey(path: Path): Place;
  /** Whether the value holds something from the environment, which messages must not show. */
  isFromEnvironment(path: Path): boolean;
}

/** How often aliases may repeat values, those within each other multiplied: ten times a large site. */
const MAX_REPEATED = 10_000;

/** Controls but tabs and ends of lines, which no key has a use for, and what is left of text that was misread. */
const NOT_TEXT = /(?![\t\n\r])\p{Cc}|\ufffd|\p{Surrogate}/u;

/** Values of the environment are put in after parsing, so that none of them can be read as YAML. */
export function readDocument(text: string, environment: Environment): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = syntaxProblems([...document.errors, ...document.warnings], text, lines);
  const substituted = new Set<Scalar>();
  // An alias can be asked itself, but looks through the whole document each time.
  const anchors = new Set<string>();

  visit(document, {
    Alias(_, alias) {
      if (anchors.has(alias.source)) return;
      const message = `not valid YAML: there is no anchor &${alias.source} before this alias`;
      problems.push({ ...placeAt(alias.range?.[0], lines), key: '', message });
    },
    Collection(_, { anchor }) {
      if (anchor !== undefined) anchors.add(anchor);
    },
    Scalar(role, node, ancestors) {
      if (node.anchor !== undefined) anchors.add(node.anchor);
      if (role === 'key' || typeof node.value !== 'string') return;
      const messages: string[] = [];
      let text = node.value;
      if (text.includes('${')) {
        const substitution = substitute(text, environment);
        text = substitution.text;
        node.value = text;
        substituted.add(node);
        messages.push(...substitution.problems);
      }
      messages.push(...notText(text));
      if (messages.length === 0) return;
      const key = keyOf(pathOf([...ancestors, node]));
      const place = placeAt(node.range?.[0], lines);
      problems.push(...messages.map((message) => ({ ...place, key, message })));
    },
  });
  const wellFormed = problems.every(({ key }) => key !== '');
  const value = wellFormed ? plainValue(document) : undefined;
  if (value instanceof ReferenceError)
    problems.push({ line: 1, column: 1, key: '', message: TOO_OFTEN });

  return {
    value: value instanceof ReferenceError ? undefined : value,
    problems,
    placeOf: (path) => placeAt(nearestNode(document, path)?.range?.[0], lines),
    placeOfKey: (path) => {
      const parent = nodeAt(document, path.slice(0, -1));
      const key = isMap<Node>(parent) ? pairOf(parent.items, path.at(-1))?.key : undefined;
      return placeAt((key ?? nearestNode(document, path))?.range?.[0], lines);
    },
    isFromEnvironment: (path) => {
      const node = nodeAt(document, path);
      return isScalar(node) && substituted.has(node);
    },
  };
}

const TOO_OFTEN = `found aliases (*name) that repeat more than ${MAX_REPEATED} values in all; write fewer aliases, or write the values out`;

/** A ReferenceError when aliases repeat more than `MAX_REPEATED`. */
function plainValue(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_REPEATED });
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

function notText(value: string): readonly string[] {
  const code = NOT_TEXT.exec(value)?.[0].codePointAt(0);
  if (code === undefined) return [];
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const advice =
    code === 0xfffd
      ? 'which replaces text that a conversion lost; write the text again, in UTF-8'
      : 'which is not text; remove it';
  return [`found ${name}, ${advice}`];
}

/** For errors of which the library says what a program should do. */
const SAID_BETTER: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  MULTIPLE_DOCS: 'found a second document; remove it, and the --- in front of it',
};

/** One for each line: what follows the first error of a line is mostly its echo. */
function syntaxProblems(
  errors: readonly YAMLError[],
  text: string,
  lines: LineCounter,
): ConfigProblem[] {
  const byLine = new Map<number, ConfigProblem>();
  for (const error of errors) {
    const place = placeAt(error.pos[0], lines);
    if (byLine.has(place.line)) continue;
    const source = text.split('\n')[place.line - 1] ?? '';
    const hint = source.includes('${') ? '; put a value that holds "${" in quotes' : '';
    // The part of the message after a colon quotes the file, which may be a secret there.
    const what = SAID_BETTER[error.code] ?? error.message.replace(/: .*$/s, '');
    const message = `not valid YAML: ${what}${hint}`;
    byLine.set(place.line, { ...place, key: '', message });
  }
  return [...byLine.values()];
}

function placeAt(offset: number | undefined, lines: LineCounter): Place {
  const { line, col } = lines.linePos(offset ?? 0);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** The keys and indexes that lead down a chain of nodes. */
function pathOf(chain: readonly unknown[]): PropertyKey[] {
  return chain.flatMap((node, index): PropertyKey[] => {
    const child = chain[index + 1];
    if (isSeq(node)) return [node.items.indexOf(child)];
    if (isMap(node)) {
      const pair = node.items.find((item) => item === child);
      return isScalar(pair?.key) ? [String(pair.key.value)] : [];
    }
    return [];
  });
}

function nodeAt(document: Document.Parsed, path: Path): Node | undefined {
  let node: Node | null | undefined = document.contents;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap<Node, Node | null>(node)) node = pairOf(node.items, part)?.value;
    else if (isSeq<Node>(node)) node = node.items[Number(part)];
    else return undefined;
  }
  return (isAlias(node) ? node.resolve(document) : node) ?? undefined;
}

function nearestNode(document: Document.Parsed, path: Path): Node | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = nodeAt(document, path.slice(0, length));
    if (node !== undefined) return node;
  }
  return undefined;
}

function pairOf<K, V>(items: readonly Pair<K, V>[], key: PropertyKey | undefined) {
  return items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
}
