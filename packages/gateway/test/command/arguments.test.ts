import { describe, expect, it } from 'vitest';
import { parseCommand, UsageError } from '../../src/command/arguments.ts';

describe('the command line', () => {
  it.each([
    [['--config', 'g.yaml'], { name: 'run', config: 'g.yaml' }],
    [['-c', 'g.yaml'], { name: 'run', config: 'g.yaml' }],
    [['--config=g.yaml', '--check'], { name: 'check', config: 'g.yaml' }],
    [['--', '--config', 'g.yaml'], { name: 'run', config: 'g.yaml' }],
    [['cluster', '-c', 'g.yaml'], { name: 'cluster', config: 'g.yaml', isJson: false }],
    [['cluster', '--json', '-c', 'g.yaml'], { name: 'cluster', config: 'g.yaml', isJson: true }],
    [['--schema'], { name: 'schema' }],
    [['--version'], { name: 'version' }],
    [['-v'], { name: 'version' }],
    [['--help', '--config', 'g.yaml'], { name: 'help' }],
    [['-h'], { name: 'help' }],
    [
      ['erase', '--identity', '12', '--config', 'g.yaml'],
      { name: 'erase', config: 'g.yaml', target: { kind: 'identity', identityId: '12' } },
    ],
    [
      ['--', 'erase', '-c', 'g.yaml', '--before', '2026-01-31'],
      {
        name: 'erase',
        config: 'g.yaml',
        target: { kind: 'before', time: Date.UTC(2026, 0, 31) },
      },
    ],
    [
      ['erase', '-c', 'g.yaml', '--before', '2026-01-31T08:00:00+08:00'],
      {
        name: 'erase',
        config: 'g.yaml',
        target: { kind: 'before', time: Date.UTC(2026, 0, 31) },
      },
    ],
  ])('%j is read as %j', (argv, command) => {
    expect(parseCommand(argv)).toEqual(command);
  });

  it.each([
    [[], '--config FILE is missing'],
    [['--check'], '--config FILE is missing'],
    [['--config', ''], '--config FILE is missing'],
    [['--cofnig', 'x'], "Unknown option '--cofnig'"],
    [['--config', 'g.yaml', '--chekc'], "Unknown option '--chekc'"],
    [['g.yaml'], "Unexpected argument 'g.yaml'"],
    [['--config'], 'argument missing'],
    [['erase', '-c', 'g.yaml'], 'erase takes --identity ID or --before TIME'],
    [
      ['erase', '-c', 'g.yaml', '--identity', '1', '--before', '2026-01-31'],
      'erase takes --identity ID or --before TIME',
    ],
    [['erase', '-c', 'g.yaml', '--identity', ''], '--identity is empty'],
    [['erase', '-c', 'g.yaml', '--before', 'yesterday'], '--before is "yesterday"; allowed:'],
    [['erase', '-c', 'g.yaml', '--before', '2026-01-31T08:00'], 'a time with its zone'],
    [
      ['erase', 'everything', '-c', 'g.yaml', '--identity', '1'],
      "Unexpected argument 'everything'",
    ],
    [['--identity', '1', '-c', 'g.yaml'], '--identity and --before belong to erase'],
    [['cluster', '-c', 'g.yaml', '--identity', '1'], '--identity and --before belong to erase'],
    [['cluster', 'all', '-c', 'g.yaml'], "Unexpected argument 'all'"],
    [['cluster'], '--config FILE is missing'],
    [['--json', '-c', 'g.yaml'], '--json belongs to cluster'],
    [['--check=yes', '-c', 'g.yaml'], "'--check' does not take an argument"],
  ])('%j is refused in one line that says what to do', (argv, message) => {
    const parse = () => parseCommand(argv);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
    expect(parse).toThrow(/^[^\n]*; --help tells more$/);
  });
});
