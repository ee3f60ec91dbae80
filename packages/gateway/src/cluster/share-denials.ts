import { DenialsStream } from '../access/shared/denials-stream.ts';
import { SharedDenials, type SharedDenialsOptions } from '../access/shared/shared-denials.ts';
import type { SharedJournal } from './open-shared-journal.ts';

/** Gives the deny list of this gateway to all others that share its log, and theirs to this one. */
export async function shareDenials(
  { link, stream, replicas, untilAvailable }: SharedJournal,
  gateway: string,
  { failed, signal }: Pick<SharedDenialsOptions, 'failed' | 'signal'>,
): Promise<SharedDenials> {
  const { connection, isUp } = link;
  return SharedDenials.open({
    ...{ gateway, failed, signal },
    stream: await untilAvailable(() =>
      DenialsStream.open({ connection, isUp, replicas, stream: `${stream}_access` }),
    ),
  });
}
