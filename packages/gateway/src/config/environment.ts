export type Environment = Readonly<Record<string, string | undefined>>;

export interface Substitution {
  readonly text: string;
  /** What of the text could not be read; empty when all of it was. */
  readonly problems: readonly string[];
}

const REFERENCE = /\$\$\{|\$\{([^}]*)\}?/g;
const NAME_AND_DEFAULT = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * Puts the environment's values where the text says `${NAME}`, or `${NAME:-default}` for one
 * that may be unset or empty. `$${` stays as `${`. A value is not read again: what it holds
 * stands as it is.
 */
export function substitute(text: string, environment: Environment): Substitution {
  const problems: string[] = [];
  const substituted = text.replace(REFERENCE, (reference: string, inside?: string) => {
    if (inside === undefined) return '${';
    const [, name, fallback] = NAME_AND_DEFAULT.exec(inside) ?? [];
    if (name === undefined || !reference.endsWith('}')) {
      problems.push(
        `found "\${" that begins neither \${NAME} nor \${NAME:-default}; write "$\${" for the characters themselves`,
      );
      return '';
    }
    const value = environment[name];
    if (fallback !== undefined) return value || fallback;
    if (value === undefined) {
      problems.push(
        `the environment variable ${name} is not set; set it, or write \${${name}:-default}`,
      );
    }
    return value ?? '';
  });
  return { text: substituted, problems };
}
