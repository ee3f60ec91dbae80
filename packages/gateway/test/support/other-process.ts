import { spawnSync } from 'node:child_process';

const SCRIPT = `
  const { DatabaseSync } = require('node:sqlite');
  const [path, sql] = process.argv.slice(1);
  try {
    new DatabaseSync(path, { timeout: 0 }).exec(sql);
    console.log('done');
  } catch ({ errstr }) {
    console.log(errstr);
  }`;

/** `done`, or what SQLite says to another process that wants this of the file at once. */
export function inOtherProcess(path: string, sql: string): string {
  const { stdout } = spawnSync(process.execPath, ['-e', SCRIPT, path, sql], { encoding: 'utf8' });
  return stdout.trim();
}
