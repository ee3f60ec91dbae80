import type { RecognitionEvent } from '@se5/client';

/**
 * Whom the card is about. A stranger has no name; some firmware says `stranger` in its place. The gateway
 * gives null to those who may not know.
 */
export function displayName(event: RecognitionEvent): string {
  if (event.identityName === null) return 'Name hidden for this role';
  const name = event.identityName.trim();
  if (name && name.toLowerCase() !== 'stranger') return name;
  return event.personType === 'STRANGER' ? 'Unknown person' : event.identityId || 'No name';
}

/** Undefined where it is hidden. */
export const groupName = ({ groupName: group }: RecognitionEvent): string | undefined =>
  group === null ? undefined : group || 'No group';

export const deviceName = (device: RecognitionEvent['device']): string =>
  device.name ?? device.deviceId;

/** `97 %`: how alike the faces are, on the gateway's scale of 0 to 1. */
export const percent = (similarity: number): string => `${Math.round(similarity * 100)} %`;
