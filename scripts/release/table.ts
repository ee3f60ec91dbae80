import type { PackageReport } from './check.ts';

const HEADER = ['package', 'version', 'tarball', 'files', 'entry points', 'commands'];

/** What was packed, as lines of aligned columns. */
export function table(packages: readonly PackageReport[]): string {
  const rows = packages.map((one) => [
    one.name,
    one.version,
    `${Math.ceil(one.byteLength / 1024)} KiB`,
    String(one.files),
    String(one.entryPoints),
    one.commands.join(', '),
  ]);
  const all = [HEADER, ...rows];
  const widths = HEADER.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
