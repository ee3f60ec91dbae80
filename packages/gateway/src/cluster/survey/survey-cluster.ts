import { setTimeout as pause } from 'node:timers/promises';
import type { NatsConfig, SiteConfig } from '../../config/config.ts';
import type { BoxId } from '../../config/ids.ts';
import { Bus } from '../bus.ts';
import type { ClusterError } from '../cluster-error.ts';
import { connectToNats } from '../connect.ts';
import { refusalOf } from '../nats-failures.ts';
import { Listener } from './listener.ts';
import { lookAtStreams } from './look-at-streams.ts';
import type { Survey, SurveyedBox, SurveyedGateway } from './survey.ts';

/** Three heartbeats, in ms: one or two may get lost. */
const LISTEN_MS = 1_500;

/** Gateways are asked so often for their boxes meanwhile. */
const ASKS = 3;

export interface SurveyOptions {
  readonly nats: NatsConfig;
  readonly sites: readonly SiteConfig[];
}

/**
 * Looks at a cluster without taking part: the streams, and for 1.5 s what the gateways say.
 *
 * @throws {ClusterError} when NATS can't be used.
 */
export async function surveyCluster({ nats, sites }: SurveyOptions): Promise<Survey> {
  const { stream } = nats;
  const refusals: ClusterError[] = [];
  await using link = await connectToNats(nats, 'se5-gateway cluster', (refused) => {
    refusals.push(refused);
  });
  using bus = new Bus(link, stream, (error) => {
    const refused = refusalOf(error);
    if (refused) refusals.push(refused);
  });
  const listener = new Listener(bus);
  // Before the heartbeats: a gateway that keeps up is never behind what the log had then.
  const streams = await lookAtStreams(link.connection, stream);
  for (let asked = 0; asked < ASKS && refusals.length === 0; asked += 1) {
    listener.ask();
    await pause(LISTEN_MS / ASKS);
  }
  const [refusal] = refusals;
  if (refusal) throw refusal;
  const newest = streams[0]?.state?.newest;
  return {
    stream,
    streams,
    gateways: gatewaysOf(listener, newest),
    boxes: boxesOf(listener, sites),
  };
}

const gatewaysOf = (
  { heartbeats }: Listener,
  newest: number | undefined,
): readonly SurveyedGateway[] =>
  heartbeats
    .map(
      ({ name, process, version, sites, isDraining, boxes, waiting, newest: reached }) =>
        ({
          ...{ name, process, version, sites, boxes, waiting },
          state: isDraining ? 'draining' : 'alive',
          behind: newest === undefined ? null : Math.max(0, newest - reached),
        }) as const,
    )
    .toSorted((one, other) => (one.name + one.process < other.name + other.process ? -1 : 1));

function boxesOf({ boxes }: Listener, sites: readonly SiteConfig[]): readonly SurveyedBox[] {
  const said = new Map(boxes.map((box) => [box.boxId, box]));
  const configured = sites.flatMap(({ id: site, boxes }) => boxes.map(({ id }) => ({ id, site })));
  const others = boxes
    .filter(({ boxId }) => !configured.some(({ id }) => id === boxId))
    .map(({ boxId: id }) => ({ id, site: null }));
  return [...configured, ...others].map(({ id, site }) => ({ id, site, ...ownerOf(id) }));

  function ownerOf(id: BoxId): Pick<SurveyedBox, 'gateway' | 'link' | 'since'> {
    const box = said.get(id);
    if (!box) return { gateway: null, link: null, since: null };
    return { gateway: box.gateway, link: box.link.name, since: box.link.since };
  }
}
