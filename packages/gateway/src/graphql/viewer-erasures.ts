import type { Caller } from '../access/caller.ts';
import type { Audit } from '../audit/audit.ts';
import { GatewayError } from '../errors.ts';
import type { ErasureReport } from '../privacy/erasure/erase.ts';
import type { Erasures } from '../privacy/erasure/erasures.ts';
import type { ErasureTarget } from '../privacy/erasure-target.ts';

export interface ViewerErasuresServices {
  readonly erasures: Pick<Erasures, 'erase'>;
  readonly audit: Audit;
}

/** Erases for viewers who may, and writes down who asked, not for whom. */
export class ViewerErasures {
  readonly #services: ViewerErasuresServices;

  constructor(services: ViewerErasuresServices) {
    this.#services = services;
  }

  /**
   * Goes on though the viewer has gone.
   *
   * @throws {GatewayError} NOT_ALLOWED to a viewer without `erase`; PERSON_NOT_FOUND; what
   *   `Erasures.erase` throws.
   */
  async erase(caller: Caller, target: ErasureTarget): Promise<ErasureReport> {
    const { erasures, audit } = this.#services;
    if (!caller.viewer.rights.erase) {
      audit.permissionRefused(caller, 'NOT_ALLOWED');
      throw new GatewayError('NOT_ALLOWED', REFUSALS[caller.viewer.kind]);
    }
    audit.erasureAsked(caller, target.kind);
    const report = await erasures.erase(target);
    if (target.kind === 'identity' && report.events + report.pictures === 0) {
      throw new GatewayError(
        'PERSON_NOT_FOUND',
        'Nothing of a person with this id was found, so nothing was erased. Check the id, unless the person was erased before.',
      );
    }
    return report;
  }
}

const REFUSALS = {
  credential: 'No role of this credential may erase: it needs one with erase: true.',
  open: 'A gateway that asks for no credential erases nobody over the network: configure access, or run erase on its machine.',
} as const;
