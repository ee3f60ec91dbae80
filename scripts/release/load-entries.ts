import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Runs in a project in which the packages are installed, and loads the entry points of its
// arguments from there. One line on stdout for each that can't be loaded.
for (const specifier of process.argv.slice(2)) {
  try {
    const url = import.meta.resolve(specifier);
    if (url.endsWith('.js')) {
      await import(url);
    } else if (readFileSync(fileURLToPath(url)).length === 0) {
      throw new Error('it is empty');
    }
  } catch (error) {
    console.log(`${specifier} can't be loaded: ${String(error)}`);
  }
}
