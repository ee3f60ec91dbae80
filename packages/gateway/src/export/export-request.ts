import { z } from 'zod';

/** How far a download goes, and from where. */
export interface ExportRequest {
  /** As the argument `filter` of `Query.recognitionEvents`; GraphQL judges it. */
  readonly filter: unknown;
  /** A cursor. */
  readonly after: string | undefined;
  /** Events at most. Infinity: all. */
  readonly first: number;
}

const parametersSchema = z.strictObject({
  filter: z
    .string()
    .transform((text, context) => {
      try {
        return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
      } catch {
        context.addIssue('filter must be a JSON object, such as {"personTypes":["VIP"]}.');
        return z.NEVER;
      }
    })
    .optional(),
  after: z.string().min(1, 'after must be the cursor of an event.').optional(),
  first: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'first must be a whole number from 1.')
    .transform(Number)
    .optional(),
});

/**
 * The parameters of a download.
 *
 * @returns what is wrong with them, as one sentence, when they can't be used.
 */
export function readExportRequest(url: string): ExportRequest | string {
  const { searchParams } = new URL(url, 'http://gateway');
  const names = [...searchParams.keys()];
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) return `The parameter ${shown(repeated)} was given twice.`;
  const { data, error } = parametersSchema.safeParse(Object.fromEntries(searchParams));
  if (data) return { filter: data.filter, after: data.after, first: data.first ?? Infinity };
  const [issue] = error.issues;
  if (issue?.code !== 'unrecognized_keys') return `The parameter ${issue?.message}`;
  const [unknown = ''] = issue.keys;
  return `There is no parameter ${shown(unknown)}. Known are filter, after and first.`;
}

const MAX_SHOWN = 50;

const shown = (name: string): string => JSON.stringify(name.slice(0, MAX_SHOWN));
