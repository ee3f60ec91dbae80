import { expect, test } from 'vitest';
import { HELP, parseArguments } from '../src/arguments.ts';

test('without arguments it is a box on its standard ports', () => {
  expect(parseArguments([])).toEqual({
    help: false,
    options: {
      host: '127.0.0.1',
      eventPort: 5679,
      apiPort: 5555,
      devices: 4,
      ratePerSecond: 1,
      seed: 1,
    },
    faults: [],
  });
});

test('every option can be given', () => {
  const argv =
    '--api-port 1 --event-port 2 --devices 3 --rate 0.5 --seed 7 --host 0.0.0.0 --fault drop';

  expect(parseArguments(argv.split(' '))).toMatchObject({
    options: {
      host: '0.0.0.0',
      eventPort: 2,
      apiPort: 1,
      devices: 3,
      ratePerSecond: 0.5,
      seed: 7,
    },
    faults: [{ afterMs: 0, forMs: undefined, end: undefined }],
  });
});

test('a fault says what, when and for how long', () => {
  expect(parseArguments(['--fault', 'refuse=unavailable@10/2.5'])).toMatchObject({
    faults: [{ afterMs: 10_000, forMs: 2500 }],
  });
  expect(parseArguments(['--fault=clock=-3.5', '--fault=silent/0.1'])).toMatchObject({
    faults: [
      { afterMs: 0, forMs: undefined },
      { afterMs: 0, forMs: 100 },
    ],
  });
});

test('the help tells every fault, and every one it tells can be given without a value or with one', () => {
  const usages = [...HELP.matchAll(/^ {2}([a-z-]+)(\[?)(=\S+)? {2}/gm)];

  expect(usages.map(([, name]) => name)).toEqual([
    'refuse',
    'restart',
    'drop',
    'half-open',
    'silent',
    'no-pong',
    'slow',
    'malformed',
    'truncated',
    'huge',
    'duplicate',
    'out-of-order',
    'clock',
    'device-list',
    'stored-events',
    'pictures',
  ]);
  for (const [, name = '', optional, value] of usages) {
    const needsValue = value !== undefined && optional === '';
    parseArguments(['--fault', needsValue ? `${name}=7` : name]);
  }
});

test.for([
  [['--rate', 'often'], '--rate takes a number from 0 to 10000, not "often"'],
  [['--rate', ''], '--rate takes a number from 0 to 10000, not ""'],
  [['--api-port', '70000'], '--api-port takes a whole number from 0 to 65535, not "70000"'],
  [['--devices', '1.5'], '--devices takes a whole number from 0 to 1000, not "1.5"'],
  [['--seed', 'Infinity'], '--seed takes a whole number from 0 to 4294967295, not "Infinity"'],
  [
    ['--colour', 'red'],
    "Unknown option '--colour'; allowed are --api-port, --event-port, --devices, --rate, --seed, --host, --fault, --help",
  ],
  [
    ['--fault', 'sleepy'],
    '--fault takes NAME[=VALUE][@AFTER][/FOR] with NAME one of refuse, restart, drop, half-open, silent, no-pong, slow, malformed, truncated, huge, duplicate, out-of-order, clock, device-list, stored-events, pictures, not "sleepy"',
  ],
  [
    ['--fault', 'slow'],
    '--fault slow takes the form slow=BYTES_PER_SECOND[@AFTER][/FOR], not "slow"',
  ],
  [
    ['--fault', 'slow=0'],
    '--fault slow takes the form slow=BYTES_PER_SECOND[@AFTER][/FOR], not "slow=0"',
  ],
  [
    ['--fault', 'refuse=rudely@3'],
    '--fault refuse takes the form refuse[=closed|unavailable|unanswered][@AFTER][/FOR], not "refuse=rudely@3"',
  ],
  [['--fault', 'drop/3'], '--fault drop takes the form drop[@AFTER], not "drop/3"'],
  [['--fault', 'drop=3'], '--fault drop takes the form drop[@AFTER], not "drop=3"'],
  [
    ['--fault', 'silent@soon'],
    '--fault silent takes the form silent[@AFTER][/FOR], not "silent@soon"',
  ],
] as const)(
  'what cannot be done is refused in one line that says what is allowed: %j',
  ([argv, message]) => {
    expect(() => parseArguments(argv)).toThrow(message);
  },
);
