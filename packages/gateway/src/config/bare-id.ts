/**
 * Whether a device's id stands without its box. No box id contains a slash, so an id with a slash
 * is always `<box id>/<device id>`, whatever boxes call their devices.
 *
 * This file imports nothing: the journal's threads load it, and would otherwise load zod with it.
 */
export const isBareId = (deviceId: string): boolean => !deviceId.includes('/');
