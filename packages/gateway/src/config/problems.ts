/** One thing that is wrong with a configuration file, and where. No value of a secret is in it. */
export interface ConfigProblem {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Path of the key, such as `sites[0].boxes[1].host`; empty for the file as a whole. */
  readonly key: string;
  /** What was found, what is allowed, what to do. */
  readonly message: string;
}

/** One thing that is wrong with the values of a file, and the path of the key. */
export interface Violation {
  readonly path: readonly PropertyKey[];
  /** As in `ConfigProblem`. */
  readonly message: string;
}

/** The configuration can't be used; `problems` lists all that is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly file: string;
  /** Empty when the file could not be read at all. */
  readonly problems: readonly ConfigProblem[];

  /** @internal */
  constructor(
    file: string,
    problems: readonly ConfigProblem[],
    message = problems.map((problem) => describeProblem(file, problem)).join('\n'),
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.file = file;
    this.problems = problems;
  }
}

function describeProblem(file: string, { line, column, key, message }: ConfigProblem): string {
  return `${file}:${line}:${column}: ${key === '' ? '' : `${key}: `}${message}`;
}

/** `['sites', 0, 'id']` → `sites[0].id` */
export function keyOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

const LONGEST_SHOWN = 60;

/** A value as a message may show it: short, and without the credentials of an address. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return 'a map of keys';
  const shown = value.replace(/\/\/[^/@]*@/g, '//***@');
  return JSON.stringify(shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}…` : shown);
}

/** The known key that an unknown one was probably meant to be. */
export function nearestKey(unknown: string, known: readonly string[]): string | undefined {
  const allowance = Math.max(2, Math.floor(unknown.length / 3));
  return known
    .map((key) => ({ key, distance: editDistance(unknown.toLowerCase(), key.toLowerCase()) }))
    .filter(({ distance }) => distance <= allowance)
    .toSorted((a, b) => a.distance - b.distance)[0]?.key;
}

/** Levenshtein's: how many letters to add, drop or change. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of from.split('').entries()) {
    const next = [index + 1];
    for (const [column, other] of to.split('').entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
