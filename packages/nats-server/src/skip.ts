import { findNatsServer, HOW_TO_GET } from './find.ts';

let isSaid = false;

/**
 * Whether tests that need a nats-server are skipped, for `describe.skipIf`. True when there is
 * none; the first call then prints how to get one. False where CI is set in the environment, so
 * that these tests fail there.
 */
export function natsTestsAreSkipped(environment: NodeJS.ProcessEnv = process.env): boolean {
  if (environment['CI'] || findNatsServer(environment) !== undefined) return false;
  if (!isSaid)
    console.warn(`Skipped, there is no nats-server: run \`pnpm nats\`, or ${HOW_TO_GET}`);
  isSaid = true;
  return true;
}
