import type { Configuration } from '../protocol/dialect.ts';

/** Whether two configurations ask for the same, in whatever order. */
export function isSameConfiguration(one: Configuration, other: Configuration): boolean {
  const devices = new Set(one.devices);
  return (
    one.demand.live === other.demand.live &&
    one.demand.registered === other.demand.registered &&
    devices.size === new Set(other.devices).size &&
    other.devices.every((device) => devices.has(device))
  );
}
