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

/** The file is the administrator's own: its aliases need no bound. */
const ALIASES_UNCOUNTED = -1;

/** Values of the environment are put in after parsing, so that none of them can be read as YAML. */
export function readDocument(text: string, environment: Environment): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = syntaxProblems([...document.errors, ...document.warnings], text, lines);
  const substituted = new Set<Scalar>();

  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return;
      const message = `not valid YAML: no anchor &${alias.source} stands before this`;
      problems.push({ ...placeAt(alias.range?.[0], lines), key: '', message });
    },
    Scalar(role, node, ancestors) {
      // Strict clients refuse a whole answer for a name with half of a surrogate pair.
      if (typeof node.value === 'string') node.value = node.value.toWellFormed();
      if (role === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return;
      const substitution = substitute(node.value, environment);
      node.value = substitution.text;
      substituted.add(node);
      const key = keyOf(pathOf([...ancestors, node]));
      const place = placeAt(node.range?.[0], lines);
      problems.push(...substitution.problems.map((message) => ({ ...place, key, message })));
    },
  });
  const wellFormed = problems.every(({ key }) => key !== '');

  return {
    value: wellFormed ? document.toJS({ maxAliasCount: ALIASES_UNCOUNTED }) : undefined,
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
    const message = `not valid YAML: ${error.message.replace(/: .*$/s, '')}${hint}`;
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
