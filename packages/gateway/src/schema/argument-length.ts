import { GatewayError } from '../errors.ts';

/** @throws {GatewayError} BAD_USER_INPUT for a text that is empty or too long. */
export function checkLength(name: string, { length }: string, most: number): void {
  if (length >= 1 && length <= most) return;
  const message = `${name} must have 1 to ${most} characters; found ${length}.`;
  throw new GatewayError('BAD_USER_INPUT', message);
}
