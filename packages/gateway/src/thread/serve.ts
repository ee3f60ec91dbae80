import { parentPort } from 'node:worker_threads';

export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
  /** The method is given a signal behind its arguments. */
  readonly isCancellable?: true;
}

/** Nobody waits for the answer to this call any more. */
export interface Cancellation {
  readonly cancel: number;
}

/** An error as it goes from thread to thread. */
export interface Failure<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
}

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure };

type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Answers the calls of the thread that started this one; begins them in their order. */
export function serve(methods: Methods, toFailure: (error: unknown) => Failure): void {
  const cancellations = new Map<number, AbortController>();

  async function answer({ id, method, args, isCancellable }: Call): Promise<void> {
    const cancellation = isCancellable && new AbortController();
    if (cancellation) cancellations.set(id, cancellation);
    const all = cancellation ? [...args, cancellation.signal] : args;
    const outcome = await outcomeOf(() => methods[method]?.(...(all as never[])), toFailure);
    cancellations.delete(id);
    parentPort?.postMessage({ id, ...outcome } satisfies Answer);
  }

  parentPort?.on('message', (message: Call | Cancellation) => {
    if ('cancel' in message) cancellations.get(message.cancel)?.abort();
    else void answer(message);
  });
}

async function outcomeOf(
  call: () => unknown,
  toFailure: (error: unknown) => Failure,
): Promise<{ readonly result: unknown } | { readonly failure: Failure }> {
  try {
    return { result: await call() };
  } catch (error) {
    const { code, message } = toFailure(error);
    return { failure: { code, message } };
  }
}
