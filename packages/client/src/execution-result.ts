import type { GatewayErrorDetail } from './errors.ts';

/** A GraphQL answer, checked in shape; the data is what the schema makes of the operation. */
export interface ExecutionResult {
  /** Null when the answer is errors alone. */
  readonly data: object | null;
  readonly errors: readonly GatewayErrorDetail[];
}

/** Undefined when this is no GraphQL answer. */
export function parseExecutionResult(value: unknown): ExecutionResult | undefined {
  const { data, errors = [] } = fieldsOf(value);
  const parsed = parseErrors(errors);
  if (parsed === undefined) return undefined;
  if (typeof data === 'object' && data !== null) return { data, errors: parsed };
  return parsed.length > 0 ? { data: null, errors: parsed } : undefined;
}

/** Undefined when this is no list of GraphQL errors. */
export function parseErrors(value: unknown): readonly GatewayErrorDetail[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const errors: GatewayErrorDetail[] = [];
  for (const error of value) {
    const { message, path, extensions } = fieldsOf(error);
    const { code } = fieldsOf(extensions);
    if (typeof message !== 'string') return undefined;
    errors.push({
      message,
      code: typeof code === 'string' ? code : undefined,
      path: Array.isArray(path) ? path.map(String) : [],
    });
  }
  return errors;
}

/** What any JSON value has to be destructured: only an object has fields. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
