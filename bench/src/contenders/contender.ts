/** What is measured side by side. */
export const CONTENDERS = ['gateway', 'bare', 'yoga', 'mercurius'] as const;
export type ContenderName = (typeof CONTENDERS)[number];

export interface StartOptions {
  readonly eventPorts: readonly number[];
  readonly apiPort: number;
  /** Of every box. */
  readonly devices: readonly string[];
  /** Whether the boxes are to send pictures all the time, whoever subscribes. */
  readonly pictures: boolean;
  /** What the bare broadcast sends for each event: an answer of the gateway, as it came. */
  readonly answer: string;
  /** Of the gateway. Default: one that goes with the process. */
  readonly journalPath?: string;
  /** Where the gateway keeps pictures. Default: on disk, as it does by default. */
  readonly pictureStore?: PictureStore;
}

/** Beside the journal, or nowhere but in the process. */
export type PictureStore = 'disk' | 'memory';

export interface RunningContender {
  /** Of GraphQL over WebSocket, at `/graphql`; 0 when nobody can subscribe. */
  readonly port: number;
  /** Messages read from the boxes, where the contender counts them. */
  readonly messages?: () => number;
}

export type StartContender = (options: StartOptions) => Promise<RunningContender>;
