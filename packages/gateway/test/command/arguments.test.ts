import { describe, expect, it } from 'vitest';
import { parseCommand, UsageError } from '../../src/command/arguments.ts';

describe('the command line', () => {
  it.each([
    [['--config', 'g.yaml'], { name: 'run', config: 'g.yaml' }],
    [['-c', 'g.yaml'], { name: 'run', config: 'g.yaml' }],
    [['--config=g.yaml', '--check'], { name: 'check', config: 'g.yaml' }],
    [['--', '--config', 'g.yaml'], { name: 'run', config: 'g.yaml' }],
    [['--schema'], { name: 'schema' }],
    [['--version'], { name: 'version' }],
    [['-v'], { name: 'version' }],
    [['--help', '--config', 'g.yaml'], { name: 'help' }],
    [['-h'], { name: 'help' }],
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
    [['--check=yes', '-c', 'g.yaml'], "'--check' does not take an argument"],
  ])('%j is refused in one line that says what to do', (argv, message) => {
    const parse = () => parseCommand(argv);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
    expect(parse).toThrow(/^[^\n]*; --help tells more$/);
  });
});
