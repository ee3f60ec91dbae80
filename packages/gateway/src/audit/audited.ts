import type { Admission, Admit } from '../access/admission.ts';
import type { Caller } from '../access/caller.ts';
import type { ErasureTelemetry } from '../privacy/erasure/listen.ts';
import type { Audit } from './audit.ts';

/** The same admission; those who are not let in are written down. */
export function auditedAdmit(admit: Admit, audit: Audit, transport: Caller['transport']): Admit {
  const noted = (admission: Admission, address: string | undefined): Admission => {
    if (admission.kind !== 'admitted') {
      const code = admission.kind === 'too many attempts' ? 'TOO_MANY_ATTEMPTS' : 'UNAUTHENTICATED';
      audit.connectionRefused({ transport, address, code });
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

/** The same telemetry; what was erased, and what could not be, is written down too. */
export const auditedErasures = (telemetry: ErasureTelemetry, audit: Audit): ErasureTelemetry => ({
  ...telemetry,
  erased(report) {
    telemetry.erased(report);
    audit.erased(report);
  },
  failed(error) {
    telemetry.failed(error);
    audit.erasureFailed();
  },
});
