import type { SentEvent } from '@se5/simulator';

/** A role as it is written in the configuration, and said anew here as plainly as can be. */
export interface WrittenRole {
  readonly sites?: readonly string[];
  readonly boxes?: readonly string[];
  readonly devices?: readonly string[];
  readonly personTypes?: readonly string[];
  readonly fields?: readonly string[];
  readonly history?: string;
  readonly answer?: boolean;
}

/** An event as the test sent it, and everything of it that could give it away. */
export interface Told {
  readonly site: string;
  readonly box: string;
  readonly personType: string;
  /** Before the hour that a role with a short history may look back. */
  readonly isOld: boolean;
  readonly sent: SentEvent;
  readonly secrets: Readonly<Record<string, readonly string[]>>;
}

export function isVisible(role: WrittenRole, { site, box, personType, sent }: Told): boolean {
  const allows = (list: readonly string[] | undefined, ...values: string[]) =>
    list === undefined || values.some((value) => list.includes(value));
  return (
    allows(role.sites, site) &&
    allows(role.boxes, box) &&
    allows(role.devices, sent.deviceId, `${box}/${sent.deviceId}`) &&
    allows(role.personTypes, personType)
  );
}

export function isRemembered(role: WrittenRole, told: Told): boolean {
  if (role.history === 'none') return false;
  return role.history === undefined || !told.isOld;
}

/** What must not occur in anything that is sent to the role. */
export const forbidden = (role: WrittenRole, told: Told): string[] =>
  Object.entries(told.secrets).flatMap(([field, secrets]) =>
    isVisible(role, told) && role.fields?.includes(field) ? [] : secrets,
  );
