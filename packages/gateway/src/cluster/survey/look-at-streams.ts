import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { jetStreamFailure } from '../nats-failures.ts';
import type { SurveyedStream } from './survey.ts';

/** How long one request to JetStream may take, in ms. */
const REQUEST_MS = 5_000;

/** What the names of a cluster's streams end with, behind the name of the log. */
const ENDS = ['', '_notes', '_keys', '_pictures', '_access'];

/**
 * The streams of a cluster, that of the log first.
 *
 * @throws {ClusterError} when JetStream does not tell.
 */
export async function lookAtStreams(
  connection: NatsConnection,
  stream: string,
): Promise<readonly SurveyedStream[]> {
  try {
    const manager = await jetstreamManager(connection, { timeout: REQUEST_MS });
    return await Promise.all(ENDS.map((end) => lookAt(manager, stream + end)));
  } catch (error) {
    throw jetStreamFailure(error, stream);
  }
}

async function lookAt(manager: JetStreamManager, name: string): Promise<SurveyedStream> {
  try {
    return { name, state: stateOf(await manager.streams.info(name)) };
  } catch (error) {
    const isMissing =
      error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
    if (!isMissing) throw error;
    return { name, state: null };
  }
}

function stateOf({ config, state, cluster }: StreamInfo): SurveyedStream['state'] {
  const { messages, bytes, last_seq: newest } = state;
  const followers = cluster?.replicas ?? [];
  // The leader, and those that follow it.
  const current = 1 + followers.filter(({ current, offline }) => current && !offline).length;
  return { messages, bytes, newest, replicas: config.num_replicas, current };
}
