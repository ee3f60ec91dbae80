import { dirname, join, resolve } from 'node:path';
import { type AccessConfig, STDOUT } from './access.ts';
import { MEMORY_ONLY, type NatsConfig, type Places } from './config.ts';

/**
 * The folder from which the relative paths of a configuration file count: its own. A pipe
 * (`/dev/stdin`, `/dev/fd/63`) is in no folder of the user's, so it is the working directory.
 */
export const folderOf = (file: string): string =>
  /^\/(?:dev|proc)\//.test(resolve(file)) ? process.cwd() : dirname(resolve(file));

/** The same with absolute paths; relative ones count from the folder. */
export function placedIn<Config extends Places & { readonly access?: AccessConfig }>(
  folder: string,
  config: Config,
): Config {
  const at = (path: string): string => (path === MEMORY_ONLY ? path : resolve(folder, path));
  const { journal, images, privacy, access } = config;
  return {
    ...config,
    ...(access && { access: accessPlacedIn(folder, access) }),
    journal: {
      ...journal,
      path: at(journal.path),
      ...(journal.nats && { nats: natsPlacedIn(folder, journal.nats) }),
    },
    images: { ...images, path: at(images.path) },
    privacy: { keys: at(privacy.keys) },
  };
}

/** Where the pictures are of a configuration that does not say: beside the journal. */
export const besideJournal = (journalPath: string): string =>
  journalPath === MEMORY_ONLY ? MEMORY_ONLY : join(dirname(journalPath), 'images');

/** Where the keys are of a configuration that does not say: beside the journal, else with the pictures. */
export function defaultKeys(journalPath: string, imagesPath: string): string {
  if (journalPath !== MEMORY_ONLY) return join(dirname(journalPath), 'keys.db');
  return imagesPath === MEMORY_ONLY ? MEMORY_ONLY : join(imagesPath, 'keys.db');
}

function natsPlacedIn(folder: string, nats: NatsConfig): NatsConfig {
  const at = (path: string): string => resolve(folder, path);
  const { login, tls } = nats;
  return {
    ...nats,
    login: login.kind === 'credentials' ? { ...login, path: at(login.path) } : login,
    tls: tls && {
      ca: tls.ca && at(tls.ca),
      cert: tls.cert && at(tls.cert),
      key: tls.key && at(tls.key),
    },
  };
}

function accessPlacedIn(folder: string, access: AccessConfig): AccessConfig {
  const at = (path: string): string => resolve(folder, path);
  const { documents, audit } = access;
  const common = {
    ...(documents !== undefined && { documents: at(documents) }),
    ...(audit && { audit: audit.path === STDOUT ? audit : { ...audit, path: at(audit.path) } }),
  };
  if (access.kind === 'open') return { ...access, ...common };
  const { deny, issuers } = access;
  return {
    ...access,
    ...common,
    ...(deny !== undefined && { deny: at(deny) }),
    issuers: issuers.map((issuer) =>
      issuer.keys.kind === 'file'
        ? { ...issuer, keys: { kind: 'file', path: at(issuer.keys.path) } }
        : issuer,
    ),
  };
}
