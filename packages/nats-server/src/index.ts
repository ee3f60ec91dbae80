export { type NatsCluster, startNatsCluster } from './cluster.ts';
export { dyingWithParent } from './dying-with-parent.ts';
export { ensureNatsServer } from './ensure.ts';
export { findNatsServer } from './find.ts';
export {
  type NatsConfig,
  type NatsServer,
  type NatsServerOptions,
  startNatsServer,
} from './server.ts';
export { natsTestsAreSkipped } from './skip.ts';
