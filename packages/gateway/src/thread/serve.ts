import { parentPort } from 'node:worker_threads';

export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
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
  parentPort?.on('message', (call: Call) => {
    void answer(methods, toFailure, call).then((answer) => parentPort?.postMessage(answer));
  });
}

async function answer(
  methods: Methods,
  toFailure: (error: unknown) => Failure,
  { id, method, args }: Call,
): Promise<Answer> {
  try {
    return { id, result: await methods[method]?.(...(args as never[])) };
  } catch (error) {
    const { code, message } = toFailure(error);
    return { id, failure: { code, message } };
  }
}
