export { surviveOutputErrors } from './output-errors.ts';
export { type OtherSignal, type StopCause, stopCause } from './stop-cause.ts';
