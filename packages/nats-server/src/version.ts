/** The oldest nats-server that the gateway's cluster mode works with. */
export const NEEDED_VERSION = '2.11.0';

/** The version in the output of `nats-server --version`, e.g. `2.15.1`; undefined in other output. */
export const readVersion = (output: string): string | undefined =>
  /^nats-server: v(\d+\.\d+\.\d+\S*)/m.exec(output)?.[1];

export const isNewEnough = (version: string): boolean =>
  compareVersions(version, NEEDED_VERSION) >= 0;

/** Negative when `a` is older than `b`. A suffix such as `-preview.1` does not count. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  const different = left.findIndex((number, index) => number !== right[index]);
  return (left[different] ?? 0) - (right[different] ?? 0);
}

const numbers = (version: string): number[] =>
  version
    .split('.', 3)
    .map((part) => Number.parseInt(part, 10))
    .map((number) => (Number.isNaN(number) ? 0 : number));
