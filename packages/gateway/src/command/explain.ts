import { ClusterError } from '../cluster/cluster-error.ts';
import { ConfigError } from '../config/problems.ts';
import { ImageStoreError } from '../images/image-store-error.ts';
import { JournalError } from '../journal/journal-error.ts';
import { ErasureFailed } from '../privacy/erasure/erasure-failed.ts';
import { NobodyFound } from '../privacy/erasure/nobody-found.ts';
import { KeyFileError } from '../privacy/key-file-error.ts';
import { SharedKeysError } from '../privacy/shared/shared-keys-error.ts';
import { UsageError } from './arguments.ts';
import { LooksWrong } from './looks-wrong.ts';

/** One line, or one for each problem, for what the user can mend; all there is for the rest. */
export function explain(error: unknown): string {
  if (error instanceof UsageError || error instanceof ConfigError) return error.message;
  if (error instanceof JournalError || error instanceof ImageStoreError) return error.message;
  if (error instanceof KeyFileError || error instanceof SharedKeysError) return error.message;
  if (error instanceof ClusterError || error instanceof LooksWrong) return error.message;
  if (error instanceof ErasureFailed || error instanceof NobodyFound) return error.message;
  if (!(error instanceof Error)) return String(error);
  return whyNotListening(error) ?? error.stack ?? error.message;
}

/** How the process ends: 2 when the command did its work and found something amiss, 1 for every failure. */
export const exitCodeOf = (error: unknown): number =>
  error instanceof NobodyFound || error instanceof LooksWrong ? 2 : 1;

function whyNotListening(error: Error): string | undefined {
  if (!('syscall' in error && 'code' in error)) return undefined;
  if (error.syscall !== 'listen' && error.syscall !== 'getaddrinfo') return undefined;
  const where =
    'address' in error && 'port' in error ? `${String(error.address)}:${String(error.port)}` : 'it';
  const change = 'change `listen` in the configuration';
  switch (error.code) {
    case 'EADDRINUSE':
      return `${where} is taken by another process; stop it, or ${change}`;
    case 'EACCES':
      return `this user may not listen on ${where}; ${change}`;
    case 'EADDRNOTAVAIL':
      return `${where} is not an address of this machine; ${change}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host to listen on is not known (${error.message}); ${change}`;
    default:
      return `can't listen (${error.message}); ${change}`;
  }
}
