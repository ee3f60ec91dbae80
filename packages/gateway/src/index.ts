export { ClusterError, type ClusterErrorCode } from './cluster/cluster-error.ts';
export type { AccessConfig } from './config/access.ts';
export type {
  BoxConfig,
  GatewayConfig,
  ImagesConfig,
  JournalConfig,
  SiteConfig,
} from './config/config.ts';
export { loadConfig, type ParseConfigOptions, parseConfig } from './config/load.ts';
export { ConfigError, type ConfigProblem } from './config/problems.ts';
export { GatewayError, type GatewayErrorCode } from './errors.ts';
export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts';
export { ImageStoreError, type ImageStoreErrorCode } from './images/image-store-error.ts';
export { JournalError, type JournalErrorCode } from './journal/journal-error.ts';
export { SharedKeysError, type SharedKeysErrorCode } from './privacy/shared/shared-keys-error.ts';
export type { Logger } from './telemetry/logger.ts';
export type { WallOptions } from './transport/wall-route.ts';
