/** What the simulated box said, or would have said had somebody listened. */
export interface SentEvent {
  /** Counts all events of a run. */
  readonly serial: number;
  readonly siteId: string;
  readonly boxId: string;
  /** The box's own id of it. */
  readonly deviceId: string;
  /** By our clock, which is the gateway's too; ms since the Unix epoch. */
  readonly at: number;
  /** 1 employee, 2 visitor, 3 blacklist, 4 stranger, 5 VIP. */
  readonly personType: number;
  /** Which of `PERSONS`; undefined: somebody whom nobody erases. */
  readonly person: number | undefined;
  /** 0 to 1. */
  readonly score: number;
  /** How many listened; 0: nobody can have heard it. */
  readonly listeners: number;
  /** It went out twice to each of them. */
  readonly isRepeated: boolean;
}
