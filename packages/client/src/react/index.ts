export type { LiveStatus } from './follow.ts';
export { GatewayProvider, type GatewayProviderProps, useClient } from './gateway-provider.ts';
export { type LiveAlarms, type UseAlarmsOptions, useAlarms } from './use-alarms.ts';
export { type LiveBoxes, type UseBoxesOptions, useBoxes } from './use-boxes.ts';
export { useConnection } from './use-connection.ts';
export { type HistoryPages, type UseHistoryOptions, useHistory } from './use-history.ts';
export {
  type LiveRecognitionEvents,
  type UseRecognitionEventsOptions,
  useRecognitionEvents,
} from './use-recognition-events.ts';
export type { HookOptions } from './use-store.ts';
