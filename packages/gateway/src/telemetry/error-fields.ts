import { BoxError } from '@se5/core';
import { ClusterError } from '../cluster/cluster-error.ts';
import { GatewayError } from '../errors.ts';

export interface ErrorFields {
  readonly error: string;
  readonly code?: string;
  readonly message?: string;
  /** Where it was thrown, innermost first. */
  readonly stack?: readonly string[];
}

/**
 * What a log line may say of something that was thrown. The message only where we know who
 * wrote it: V8's and libraries' quote what they stumbled over, which may be a face's name.
 */
export function errorFields(thrown: unknown): ErrorFields {
  if (!(thrown instanceof Error)) return { error: typeof thrown };
  const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  const known =
    thrown instanceof BoxError ||
    thrown instanceof GatewayError ||
    thrown instanceof ClusterError ||
    isOfSystem(thrown);
  return {
    error: thrown.name,
    ...(code !== undefined && { code }),
    ...(known && { message: thrown.message }),
    stack: framesOf(thrown),
  };
}

/** V8 begins a stack with the message, which may have lines that look like frames. */
const framesOf = ({ stack = '', message }: Error): readonly string[] =>
  stack
    .slice(message === '' ? 0 : stack.lastIndexOf(message) + message.length)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));

const isOfSystem = (error: Error): boolean => 'syscall' in error && 'errno' in error;
