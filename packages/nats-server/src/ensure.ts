import { fetchFromDebian } from './debian/fetch.ts';
import { findNatsServer, HOW_TO_GET } from './find.ts';

/**
 * The path of a nats-server that is new enough. Fetches one on Debian when there is none.
 *
 * @throws {Error} when there is none and none can be fetched, with a message of one line that says
 *   how to get one; and when NATS_SERVER_PATH names something else.
 */
export function ensureNatsServer(): string {
  const path = findNatsServer() ?? fetchFromDebian();
  if (path === undefined) throw new Error(`No nats-server here: ${HOW_TO_GET}`);
  return path;
}
