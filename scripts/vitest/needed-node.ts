/** The oldest Node that runs the tests: `engines` of the packages. */
export const NEEDED_NODE = '24.9';

/** Undefined for a version that runs the tests, else one line that says how to run them. */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = NEEDED_NODE.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return undefined;
  return `The tests need Node ${NEEDED_NODE} or newer; this is Node ${version}. Run \`npx -y pnpm@10.34.9 test\` in this folder instead: it brings its own.`;
}
