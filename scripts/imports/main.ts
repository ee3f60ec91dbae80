import { fileURLToPath } from 'node:url';
import { checkImports } from './check-imports.ts';

const { modules, imports, problems } = checkImports(
  fileURLToPath(new URL('../..', import.meta.url)),
);
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(
    `${problems.length} imports or rules are wrong; the rules are in scripts/imports/rules.ts`,
  );
  process.exitCode = 1;
} else {
  console.log(`${imports} imports of ${modules} modules go the allowed way`);
}
