import { parentPort } from 'node:worker_threads';
import type { JournalErrorCode } from '../journal-error.ts';
import { toJournalError } from './failure.ts';

export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number;
      readonly failure: { readonly code: JournalErrorCode; readonly message: string };
    };

type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Answers the calls of the thread that started this one; begins them in their order. */
export function serve(path: string, methods: Methods): void {
  parentPort?.on('message', ({ id, method, args }: Call) => {
    void answer(path, methods, id, method, args).then((answer) => parentPort?.postMessage(answer));
  });
}

async function answer(
  path: string,
  methods: Methods,
  id: number,
  method: string,
  args: readonly unknown[],
): Promise<Answer> {
  try {
    return { id, result: await methods[method]?.(...(args as never[])) };
  } catch (error) {
    const { code, message } = toJournalError(error, path);
    return { id, failure: { code, message } };
  }
}
