/** What ties a lock file to one network or one machine instead of to names and checksums. */
const FORBIDDEN = [
  { pattern: /\btarball:/, reason: 'a download address' },
  { pattern: /\bregistry:/, reason: 'a registry' },
  { pattern: /\b(?:file|link):(?:\/|~|[A-Za-z]:)/, reason: 'a path of one machine' },
];

/** One line for each line of pnpm-lock.yaml that would not hold elsewhere. */
export function checkLockfile(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      FORBIDDEN.filter(({ pattern }) => pattern.test(line)).map(
        ({ reason }) => `pnpm-lock.yaml:${index + 1}: holds ${reason}: ${line.trim()}`,
      ),
    );
}
