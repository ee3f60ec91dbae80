export type { DeviceListFault } from './conditions.ts';
export type { SimulatedDevice } from './devices.ts';
export type { InvalidConfiguration, ReceivedConfiguration } from './event-server.ts';
export type { Faults } from './faults.ts';
export type { Refusal } from './listener.ts';
export type { Portrait } from './portraits.ts';
export type { GivenRecognition, Recognition, SentEvent } from './recognition.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';
