// Prints the path of a nats-server, which it fetches when there is none. With --if-possible it
// succeeds without a path when none can be had. A wrong NATS_SERVER_PATH always fails.
import { parseArgs } from 'node:util';
import { ensureNatsServer } from './ensure.ts';

const { values } = parseArgs({ options: { 'if-possible': { type: 'boolean', default: false } } });
try {
  console.log(ensureNatsServer());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (!values['if-possible'] || process.env['NATS_SERVER_PATH']) process.exitCode = 1;
}
