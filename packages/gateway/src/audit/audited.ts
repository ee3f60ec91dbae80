import type { Admission, Admit } from '../access/admission.ts';
import type { CredentialHolder } from '../access/authentication.ts';
import type { Caller } from '../access/caller.ts';
import type { GatewayErrorCode } from '../errors.ts';
import type { ErasureObserver } from '../privacy/erasure/erasures.ts';
import { type Audit, NO_AUDIT, type SeenPicture } from './audit.ts';

const CODES = {
  unauthenticated: 'UNAUTHENTICATED',
  'too many attempts': 'TOO_MANY_ATTEMPTS',
  'issuer unavailable': 'ISSUER_UNAVAILABLE',
} as const satisfies Record<Exclude<Admission['kind'], 'admitted'>, GatewayErrorCode>;

/** The same admission; those who are not let in are written down. */
export function auditedAdmit(admit: Admit, audit: Audit, transport: Caller['transport']): Admit {
  const noted = (admission: Admission, address: string | undefined): Admission => {
    if (admission.kind !== 'admitted') {
      const viewer = 'holder' in admission ? admission.holder : undefined;
      audit.connectionRefused({ transport, address, code: CODES[admission.kind], viewer });
    }
    return admission;
  };
  return (credential, address) => {
    const admission = admit(credential, address);
    return admission instanceof Promise
      ? admission.then((late) => noted(late, address))
      : noted(admission, address);
  };
}

/**
 * Writes down a picture that was sent, when it is known whose credential the request had, if any.
 */
export async function auditPicture(
  audit: Audit,
  access: { viewerOf(credential: string): Promise<CredentialHolder | undefined> },
  picture: SeenPicture,
  credential: string | undefined,
): Promise<void> {
  if (audit === NO_AUDIT) return;
  const viewer = credential === undefined ? undefined : await access.viewerOf(credential);
  audit.pictureSeen({ ...picture, viewer });
}

/** The same; what was erased, and what could not be, is written down too. */
export const auditedErasures = (observer: ErasureObserver, audit: Audit): ErasureObserver => ({
  erased(report) {
    observer.erased(report);
    audit.erased(report);
  },
  failed(error) {
    observer.failed(error);
    audit.erasureFailed();
  },
});
