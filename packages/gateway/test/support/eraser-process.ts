import { parseCommand } from '../../src/command/arguments.ts';
import { eraseFrom } from '../../src/command/erase.ts';
import { exitCodeOf, explain } from '../../src/command/explain.ts';
import type { Erased } from './eraser.ts';

/** What the command prints, and the code it ends with. */
async function erase(argv: readonly string[]): Promise<Erased> {
  const lines: string[] = [];
  const output = {
    log: (line: string) => lines.push(line),
    error: (line: string) => lines.push(line),
  };
  let code = 0;
  try {
    const command = parseCommand(argv);
    if (command.name !== 'erase') throw new Error(`this erases; it was told to ${command.name}`);
    await eraseFrom(command.config, command.target, output);
  } catch (error) {
    code = exitCodeOf(error);
    lines.push(explain(error));
  }
  return { code, said: lines.join('\n') };
}

process.on('message', (argv: readonly string[]) => {
  void erase(argv).then((erased) => process.send?.(erased));
});
