import type { RecognitionEvent } from '@se5/client';
import type { Text } from '../language/text.ts';

/** As much of an event or an alarm as names its person. */
export type NamedPerson = Pick<RecognitionEvent, 'identityId' | 'identityName' | 'personType'>;

/**
 * Whom the card is about; undefined where it is hidden. A stranger has no name; some firmware says
 * `stranger` in its place.
 */
export function displayName(event: NamedPerson, t: Text): string | undefined {
  if (event.identityName === null) return undefined;
  const name = event.identityName.trim();
  if (name && name.toLowerCase() !== 'stranger') return name;
  return event.personType === 'STRANGER'
    ? t('person.stranger')
    : event.identityId || t('person.noName');
}

/** Undefined where it is hidden. */
export const groupName = ({ groupName: group }: RecognitionEvent, t: Text): string | undefined =>
  group === null ? undefined : group || t('person.noGroup');

export const deviceName = (device: Pick<RecognitionEvent['device'], 'deviceId' | 'name'>): string =>
  device.name ?? device.deviceId;

/** Whether the face was likened to a registered one: of strangers the figure says nothing. */
export const isCompared = ({ personType }: RecognitionEvent): boolean => personType !== 'STRANGER';
