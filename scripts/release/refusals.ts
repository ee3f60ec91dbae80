/** What a release is about to happen in. */
export interface Circumstances {
  /** Lines of `git status --porcelain`. */
  readonly changes: readonly string[];
  /** Files in `.changeset` that describe changes without a version yet. */
  readonly changesets: readonly string[];
  /** Who npm would publish as; undefined when npm knows nobody. */
  readonly user: string | undefined;
}

/** Why nothing may be published now, one line each; none when it may. */
export function refusals({ changes, changesets, user }: Circumstances): string[] {
  const reasons: string[] = [];
  if (changes.length > 0) {
    reasons.push(`The working tree has ${changes.length} changes that are not committed`);
  }
  if (changesets.length > 0) {
    reasons.push(
      `.changeset holds ${changesets.join(', ')}: run \`pnpm changeset version\`, and commit it`,
    );
  }
  if (user === undefined) reasons.push('npm knows nobody here: run `npm login`');
  return reasons;
}
