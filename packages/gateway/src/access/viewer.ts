/** Who asks. One token opens everything for now; finer permissions grow here. */
export interface Viewer {
  readonly kind: 'token' | 'open';
}
