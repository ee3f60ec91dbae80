import { z } from 'zod';
import type { GatewayConfig, Places, Surveyed } from './config.ts';
import { type ConfigDocument, readDocument } from './document.ts';
import type { Environment } from './environment.ts';
import { folderOf, placedIn } from './places.ts';
import { ConfigError, type ConfigProblem, describeValue, keyOf, nearestKey } from './problems.ts';
import { readText } from './read-text.ts';
import { brokenRules } from './rules.ts';
import { configJsonSchema, fileSchema, placesSchema, surveyedSchema } from './schema.ts';

/**
 * @param path Of a YAML file; relative to the working directory. Paths in the file are relative to
 *   the file's folder.
 * @throws {ConfigError} that lists every problem of the file, or says why it can't be read.
 */
export async function loadConfig(
  path: string,
  environment: Environment = process.env,
): Promise<GatewayConfig> {
  const folder = folderOf(path);
  return placedIn(folder, usable(examine(await readText(path), path, environment, folder), path));
}

/**
 * Where the data are, by the same file. What else it says does not matter: an erasure needs no
 * token. An unknown key does, since it may be a mistyped `journal`.
 *
 * @throws {ConfigError} as `loadConfig`, for these parts alone.
 */
export const loadPlaces = (path: string, environment: Environment = process.env): Promise<Places> =>
  loadSections(path, environment, placesSchema, ['journal', 'images', 'privacy']);

/**
 * The boxes and the log of a cluster, by the file of one of its gateways.
 *
 * @throws {ConfigError} as `loadConfig`, for these parts alone.
 */
export const loadSurveyed = (
  path: string,
  environment: Environment = process.env,
): Promise<Surveyed> =>
  loadSections(path, environment, surveyedSchema, ['sites', 'journal', 'images', 'privacy']);

async function loadSections<Sections extends Places>(
  path: string,
  environment: Environment,
  schema: z.ZodType<Sections>,
  sections: readonly (string & keyof Sections)[],
): Promise<Sections> {
  const folder = folderOf(path);
  const { value, problems } = examine(await readText(path), path, environment, folder);
  const read = new Set<string>(sections);
  const others = new Set(knownKeys([]).filter((key) => !read.has(key)));
  const own = problems.filter(({ key }) => !others.has(key.replace(/[.[].*$/s, '')));
  if (own.length > 0) throw new ConfigError(path, own);
  return placedIn(folder, schema.parse(value));
}

export interface ParseConfigOptions {
  /** How messages name the text. Default `gateway.yaml`. */
  readonly file?: string;
  /** What `${NAME}` reads. Default: nothing is set. */
  readonly environment?: Environment;
}

/**
 * Relative paths stay as they are, and so count from the working directory.
 *
 * @throws {ConfigError} that lists every problem of the text.
 */
export function parseConfig(text: string, options: ParseConfigOptions = {}): GatewayConfig {
  const { file = 'gateway.yaml', environment = {} } = options;
  return usable(examine(text, file, environment), file);
}

interface Examined {
  /** With the environment's values put in. */
  readonly value: unknown;
  /** Undefined when the value is not of the form of a configuration. */
  readonly config: GatewayConfig | undefined;
  /** By where they stand. */
  readonly problems: readonly ConfigProblem[];
}

function usable({ config, problems }: Examined, file: string): GatewayConfig {
  if (config !== undefined && problems.length === 0) return config;
  throw new ConfigError(file, problems);
}

/**
 * @param folder as `brokenRules` takes it.
 * @throws {ConfigError} when the text is not YAML.
 */
function examine(text: string, file: string, environment: Environment, folder?: string): Examined {
  const document = readDocument(text, environment);
  if (document.value === undefined) throw new ConfigError(file, document.problems);

  const parsed = fileSchema.safeParse(document.value);
  const alreadyTold = new Set(document.problems.map(({ key }) => key));
  const problems = [
    ...document.problems,
    ...(parsed.error?.issues ?? [])
      .flatMap((issue) => problemsOf(issue, document))
      .filter(({ key }) => !alreadyTold.has(key)),
    ...brokenRules(document.value, folder).map(({ path, message }) => ({
      ...document.placeOf(path),
      key: keyOf(path),
      message,
    })),
  ].toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { value: document.value, config: parsed.data, problems };
}

function problemsOf(issue: z.core.$ZodIssue, document: ConfigDocument): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path);
    return issue.keys.map((unknown) => {
      const path = [...issue.path, unknown];
      const nearest = nearestKey(unknown, known);
      const advice = nearest === undefined ? '' : `did you mean ${nearest}? `;
      return {
        ...document.placeOfKey(path),
        key: keyOf(path),
        message: `unknown key; ${advice}Allowed here: ${known.join(', ')}`,
      };
    });
  }
  return [
    {
      ...document.placeOf(issue.path),
      key: keyOf(issue.path),
      message: `found ${found(issue.path, document)}; allowed: ${issue.message}`,
    },
  ];
}

function found(path: readonly PropertyKey[], document: ConfigDocument): string {
  const value = path.reduce<unknown>(
    (parent, part) => (parent instanceof Object ? Reflect.get(parent, part) : undefined),
    document.value,
  );
  if (isSecret(path)) return secretly(value);
  if (document.isFromEnvironment(path)) return 'what the environment gave (not shown)';
  return describeValue(value);
}

const SECRETS: ReadonlySet<PropertyKey> = new Set(['token', 'sha256', 'secret', 'password']);

/** The sections that hold secrets. */
const SECRET_SECTIONS: readonly (readonly PropertyKey[])[] = [['access'], ['journal', 'nats']];

/** A secret may be mistyped as a list, or stand in the place of the whole section. */
const isSecret = (path: readonly PropertyKey[]): boolean =>
  SECRET_SECTIONS.some(
    (section) =>
      section.every((part, index) => path[index] === part) &&
      (path.length === section.length || path.some((part) => SECRETS.has(part))),
  );

function secretly(value: unknown): string {
  if (typeof value === 'string') return `text of ${value.length} characters (not shown)`;
  return typeof value === 'number' ? 'a number (not shown)' : describeValue(value);
}

/** As much of a JSON Schema as names the keys of a map. */
const keysOnly = z.object({
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  /** Of a map of any names. */
  additionalProperties: z.unknown().optional(),
});

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const schema = path.reduce<unknown>((parent, part) => {
    const { properties, items, additionalProperties } = keysOnly.parse(parent);
    return typeof part === 'number' ? items : (properties?.[String(part)] ?? additionalProperties);
  }, configJsonSchema());
  return Object.keys(keysOnly.parse(schema).properties ?? {});
}
