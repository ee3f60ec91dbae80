import { surviveOutputErrors } from '@se5/command';
import { loadConfig } from '../config/load.ts';
import { configJsonSchema } from '../config/schema.ts';
import { packageVersion } from '../package-version.ts';
import { HELP, parseCommand } from './arguments.ts';
import { exitCodeOf, explain } from './explain.ts';
import { listenNotice } from './listen-notice.ts';
import { summaryOf } from './summary.ts';

async function main(argv: readonly string[]): Promise<void> {
  const command = parseCommand(argv);
  switch (command.name) {
    case 'help':
      return console.log(HELP);
    case 'version':
      return console.log(await packageVersion());
    case 'schema':
      return console.log(JSON.stringify(configJsonSchema(), null, 2));
    case 'check':
      return check(command.config);
    case 'erase': {
      const { eraseFrom } = await import('./erase.ts');
      return eraseFrom(command.config, command.target);
    }
    case 'cluster': {
      const { showCluster } = await import('./cluster.ts');
      return showCluster(command.config, command.isJson);
    }
    case 'run': {
      // Not loaded before: what serves GraphQL takes a while to load, and a check needs none of it.
      const { run } = await import('./run.ts');
      return run(command.config);
    }
    default:
      command satisfies never;
  }
}

async function check(file: string): Promise<void> {
  const config = await loadConfig(file);
  const { nats } = config.journal;
  if (nats) {
    const { checkNatsFiles } = await import('../cluster/connect.ts');
    await checkNatsFiles(nats);
  }
  const { documents } = config.access;
  if (documents !== undefined) {
    const { readTrustedDocuments } = await import('../graphql/read-trusted-documents.ts');
    await readTrustedDocuments(documents, config.limits, config.introspection);
  }
  console.log(`${file}: OK, ${summaryOf(config)}`);
  const notice = listenNotice(config);
  if (notice !== undefined) console.error(`${file}: ${notice}`);
}

surviveOutputErrors();
await main(process.argv.slice(2)).catch((error: unknown) => {
  process.exitCode = exitCodeOf(error);
  console.error(explain(error));
});
