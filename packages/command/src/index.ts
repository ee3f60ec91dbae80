export { surviveOutputErrors } from './output-errors.ts';
export { type IgnoredSignal, type StopCause, stopCause } from './stop-cause.ts';
