import type { RecognitionEvent } from '@se5/client';

/** Whom the card is about. A stranger has no name; some firmware says `stranger` in its place. */
export function displayName(event: RecognitionEvent): string {
  const name = event.identityName.trim();
  if (name && name.toLowerCase() !== 'stranger') return name;
  return event.personType === 'STRANGER' ? 'Unknown person' : event.identityId || 'No name';
}

export const deviceName = (device: RecognitionEvent['device']): string =>
  device.name ?? device.deviceId;

/** `97 %`: how alike the faces are, on the gateway's scale of 0 to 1. */
export const percent = (similarity: number): string => `${Math.round(similarity * 100)} %`;
