import { fileURLToPath } from 'node:url';
import { checkClock } from './check-clock.ts';

const { modules, problems } = checkClock(fileURLToPath(new URL('../..', import.meta.url)));
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(
    `${problems.length} places in tests where the speed of the machine may decide; a comment "// clock: <reason>" on the line or above it says why one may not`,
  );
  process.exitCode = 1;
} else {
  console.log(`nothing in ${modules} modules of tests depends on the speed of the machine`);
}
