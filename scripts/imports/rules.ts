/** What every room of the gateway may use. */
const basics = [
  'core',
  'gateway/errors.ts',
  'gateway/listeners.ts',
  'gateway/noted-time.ts',
  'gateway/canonical-json.ts',
  'gateway/client-queues.ts',
  'gateway/client-shares.ts',
  'gateway/shared-timeout.ts',
  'gateway/slots.ts',
  'gateway/turns.ts',
];

/**
 * Which way imports go below each package's `src`. A room is a folder or a file there, or, by
 * the bare name of the package, all that has no line of its own; `@se5/<name>` leads to the
 * latter. A room may import from itself and from the rooms on its line, which all have their
 * lines above: no two rooms import each other.
 */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  command: [],

  simulator: ['command'],

  'core/clock.ts': [],
  'core/protocol': [],
  'core/box': ['core/clock.ts', 'core/protocol'],
  core: ['core/clock.ts', 'core/protocol', 'core/box'],

  'gateway/errors.ts': [],
  'gateway/listeners.ts': [],
  'gateway/noted-time.ts': [],
  'gateway/canonical-json.ts': [],
  'gateway/client-queues.ts': [],
  'gateway/client-shares.ts': [],
  'gateway/shared-timeout.ts': [],
  'gateway/slots.ts': ['gateway/client-queues.ts'],
  'gateway/turns.ts': ['gateway/client-queues.ts'],
  'gateway/thread': [],
  'gateway/storage': ['core'],
  'gateway/config': [...basics],
  'gateway/fleet': [...basics, 'gateway/config'],
  'gateway/privacy': [...basics, 'gateway/config', 'gateway/storage'],
  'gateway/images': [
    ...basics,
    'gateway/config',
    'gateway/storage',
    'gateway/privacy',
    'gateway/thread',
  ],
  'gateway/journal': [
    ...basics,
    'gateway/config',
    'gateway/storage',
    'gateway/privacy',
    'gateway/images',
    'gateway/thread',
  ],
  'gateway/access': [...basics, 'gateway/config', 'gateway/journal'],
  'gateway/privacy/erasure': [
    ...basics,
    'gateway/config',
    'gateway/privacy',
    'gateway/images',
    'gateway/journal',
  ],
  'gateway/intake': [
    ...basics,
    'gateway/config',
    'gateway/fleet',
    'gateway/privacy',
    'gateway/images',
    'gateway/journal',
  ],
  'gateway/fanout': [
    ...basics,
    'gateway/config',
    'gateway/access',
    'gateway/fleet',
    'gateway/journal',
  ],
  'gateway/schema': [
    ...basics,
    'gateway/config',
    'gateway/access',
    'gateway/fleet',
    'gateway/images',
    'gateway/journal',
    'gateway/fanout',
  ],
  'gateway/telemetry': [
    ...basics,
    'gateway/config',
    'gateway/access',
    'gateway/privacy/erasure',
    'gateway/fleet',
    'gateway/images',
    'gateway/journal',
    'gateway/intake',
    'gateway/fanout',
  ],
  'gateway/audit': [
    ...basics,
    'gateway/config',
    'gateway/storage',
    'gateway/access',
    'gateway/privacy/erasure',
    'gateway/journal',
    'gateway/telemetry',
  ],
  'gateway/graphql': [
    ...basics,
    'gateway/config',
    'gateway/access',
    'gateway/audit',
    'gateway/journal',
    'gateway/fanout',
    'gateway/schema',
    'gateway/telemetry',
  ],
  'gateway/transport': [
    ...basics,
    'gateway/config',
    'gateway/access',
    'gateway/audit',
    'gateway/images',
    'gateway/journal',
    'gateway/fanout',
    'gateway/schema',
    'gateway/telemetry',
    'gateway/graphql',
    'gateway/thread',
  ],
  gateway: [
    ...basics,
    'gateway/config',
    'gateway/access',
    'gateway/audit',
    'gateway/fleet',
    'gateway/images',
    'gateway/journal',
    'gateway/privacy',
    'gateway/privacy/erasure',
    'gateway/intake',
    'gateway/fanout',
    'gateway/schema',
    'gateway/telemetry',
    'gateway/graphql',
    'gateway/transport',
  ],
  'gateway/command': [
    ...basics,
    'command',
    'gateway/config',
    'gateway/privacy',
    'gateway/privacy/erasure',
    'gateway/images',
    'gateway/journal',
    'gateway/telemetry',
    'gateway/graphql',
    'gateway',
  ],

  client: [],

  'demo/page': ['client'],
  'demo/launcher': ['command', 'simulator', 'gateway'],

  bench: ['core', 'simulator', 'gateway', 'client'],

  chaos: ['simulator', 'gateway', 'client'],
};

/**
 * Which packages the tests, scripts and configuration of a package may import, beside their
 * own. `root` is what belongs to no package: the tools in `scripts`.
 */
export const surroundings: Readonly<Record<string, readonly string[]>> = {
  root: [],
  command: ['root'],
  simulator: ['root', 'command'],
  core: ['root', 'simulator'],
  gateway: ['root', 'core', 'simulator'],
  client: ['root', 'simulator', 'gateway'],
  demo: ['root', 'simulator', 'gateway', 'client'],
  bench: ['root', 'core', 'gateway', 'client'],
  chaos: ['root', 'simulator', 'gateway', 'client'],
};
