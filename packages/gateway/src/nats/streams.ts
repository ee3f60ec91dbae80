import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';

/** Whether JetStream refused a request for this reason; see `JetStreamApiCodes`. */
export const hasCode = (error: unknown, code: number): boolean =>
  error instanceof JetStreamApiError && error.code === code;

/** What is said of a stream that is made, beside that it is in files and goes by its limits. */
export type NewStream = Partial<StreamConfig> &
  Pick<StreamConfig, 'name' | 'subjects' | 'num_replicas'>;

/** The stream as it is; made when there is none. One that is there keeps its settings. */
export async function ensureStream(
  { streams }: JetStreamManager,
  config: NewStream,
): Promise<StreamInfo> {
  try {
    return await streams.info(config.name);
  } catch (error) {
    if (!hasCode(error, JetStreamApiCodes.StreamNotFound)) throw error;
  }
  try {
    return await streams.add({
      retention: RetentionPolicy.Limits,
      storage: StorageType.File,
      ...config,
    });
  } catch (error) {
    // Another gateway was faster: its stream may differ, as in where its positions begin.
    return streams.info(config.name).catch(() => {
      throw error;
    });
  }
}
