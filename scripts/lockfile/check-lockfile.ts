interface Rule {
  readonly pattern: RegExp;
  readonly reason: string;
}

/** What ties a lock file to one network or one machine instead of to names and checksums. */
const FORBIDDEN: readonly Rule[] = [
  { pattern: /\btarball:/, reason: 'a download address' },
  { pattern: /\bregistry:/, reason: 'a registry' },
  { pattern: /\b(?:file|link):(?:\/|~|[A-Za-z]:)/, reason: 'a path of one machine' },
  {
    pattern: /\bresolution:(?! *\{integrity: sha512-[\w+/=]+[,}])/,
    reason: 'a package without a checksum',
  },
];

/** Settings of pnpm by which the install script of a package runs. */
const RUNS_SCRIPTS: readonly Rule[] = [
  {
    pattern: /\b(?:onlyBuiltDependencies(?:File)?|allowBuilds|dangerouslyAllowAllBuilds)\b/,
    reason: 'lets install scripts run, which fetch bytes that the lock file has no checksum of',
  },
];

/** One line for each line of pnpm-lock.yaml that would not hold elsewhere. */
export const checkLockfile = (text: string): string[] =>
  broken('pnpm-lock.yaml', text, FORBIDDEN).map(
    ({ at, reason, line }) => `${at} holds ${reason}: ${line}`,
  );

/**
 * One line for each line of a file with pnpm's settings (`pnpm-workspace.yaml`, `package.json`)
 * that lets install scripts run.
 */
export const checkSettings = (file: string, text: string): string[] =>
  broken(file, text, RUNS_SCRIPTS).map(({ at, reason, line }) => `${at} ${reason}: ${line}`);

const broken = (file: string, text: string, rules: readonly Rule[]) =>
  text
    .split('\n')
    .flatMap((line, index) =>
      rules
        .filter(({ pattern }) => pattern.test(line))
        .map(({ reason }) => ({ at: `${file}:${index + 1}:`, reason, line: line.trim() })),
    );
