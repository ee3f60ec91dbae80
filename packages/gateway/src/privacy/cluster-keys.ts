import type { ErasedRows } from './erased-rows.ts';
import type { UncoveredRows } from './erasure-notice.ts';
import type { ErasureTarget } from './erasure-target.ts';
import type { Keyring, SealedBy, Subject } from './keyring.ts';

/** The keys that several gateways have in common, equal on each. */
export interface ClusterKeys {
  /** Gives the keys that this gateway has. It makes none: see `prepare`. */
  readonly keyring: Keyring;
  /** Resolves when every gateway can have the keys of the subjects; undefined when they can already. */
  prepare(subjects: readonly Subject[]): Promise<void> | undefined;
  /** Whether the key that sealed something is there, in the cluster if not here. */
  fetch(by: SealedBy): Promise<boolean>;
  /** Forgets keys on all gateways. Resolves to the rows that no key covers. */
  forget(target: ErasureTarget): Promise<UncoveredRows>;
  /** The erased events and pictures that NATS still has. */
  readonly erased: ErasedRows;
}
