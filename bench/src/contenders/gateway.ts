import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, parseConfig } from '@se5/gateway';
import { hostContender } from './host.ts';

await hostContender(async ({ boxes, pictures, journalPath, pictureStore, cluster }) => {
  const directory = mkdtempDisposableSync(join(tmpdir(), 'se5-bench-'));
  process.on('exit', () => directory.remove());
  // JSON is YAML.
  const config = JSON.stringify({
    listen: '127.0.0.1:0',
    sites: [
      {
        id: 'hq',
        name: 'Headquarters',
        timezone: 'Asia/Shanghai',
        boxes: boxes.map((ports, index) => ({
          id: `box-${index + 1}`,
          name: `Lobby ${index + 1}`,
          host: '127.0.0.1',
          ...ports,
          // What is measured is the gateway, not what it lets one box say.
          maxMessagesPerSecond: 1_000_000,
          maxBytesPerSecond: '1024GiB',
        })),
      },
    ],
    journal: {
      path: journalPath ?? join(directory.path, 'journal.db'),
      ...(cluster && { nats: { servers: [cluster.server] } }),
    },
    ...(cluster && {
      cluster: { name: cluster.name, ...(!cluster.listens && { sites: [] }) },
    }),
    images: {
      capture: pictures ? 'always' : 'on-demand',
      ...(pictureStore === 'memory' && { path: 'memory' }),
    },
  });
  return createGateway(parseConfig(config));
});
