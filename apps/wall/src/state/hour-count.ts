/** How much an hour has. */
export interface HourCount {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}
