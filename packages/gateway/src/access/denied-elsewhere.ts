/** The deny lists of the other gateways of a cluster. */
export interface DeniedElsewhere {
  /** Of all of them, as in a `DenyList`. */
  readonly entries: ReadonlySet<string>;
  /** Tells the others what this gateway denies: all of it, in place of what it told before. */
  tell(entries: ReadonlySet<string>): void;
  /** Told when `entries` change. */
  onChange(listener: () => void): Disposable;
}

/** A gateway by itself. */
export const NOBODY_ELSE: DeniedElsewhere = {
  entries: new Set(),
  tell() {},
  onChange: () => ({ [Symbol.dispose]() {} }),
};
