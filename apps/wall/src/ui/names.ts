import type { RecognitionEvent } from '@se5/client';

/** As much of an event or an alarm as names its person. */
export type NamedPerson = Pick<RecognitionEvent, 'identityId' | 'identityName' | 'personType'>;

/**
 * Whom the card is about; undefined where it is hidden. A stranger has no name; some firmware says
 * `stranger` in its place.
 */
export function displayName(event: NamedPerson): string | undefined {
  if (event.identityName === null) return undefined;
  const name = event.identityName.trim();
  if (name && name.toLowerCase() !== 'stranger') return name;
  return event.personType === 'STRANGER' ? 'Unknown person' : event.identityId || 'No name';
}

/** Undefined where it is hidden. */
export const groupName = ({ groupName: group }: RecognitionEvent): string | undefined =>
  group === null ? undefined : group || 'No group';

export const deviceName = (device: Pick<RecognitionEvent['device'], 'deviceId' | 'name'>): string =>
  device.name ?? device.deviceId;

/** Whether the face was likened to a registered one: of strangers the figure says nothing. */
export const isCompared = ({ personType }: RecognitionEvent): boolean => personType !== 'STRANGER';

/** `97 %`: how alike the faces are, on the gateway's scale of 0 to 1. */
export const percent = (similarity: number): string => `${Math.round(similarity * 100)} %`;
