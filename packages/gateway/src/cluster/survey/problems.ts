import type { Survey, SurveyedBox, SurveyedGateway, SurveyedStream } from './survey.ts';

/** Stable: scripts branch on these. */
export type ProblemCode =
  /** No gateway is alive. */
  | 'NO_GATEWAY'
  /** No gateway listens to a box. */
  | 'BOX_UNHEARD'
  /** A gateway listens to a box that the configuration does not have. */
  | 'BOX_UNKNOWN'
  /** Two gateways have one name. */
  | 'NAME_TWICE'
  /** Gateways of several versions are alive. */
  | 'VERSIONS_DIFFER'
  /** NATS does not have all streams of the cluster. */
  | 'STREAM_MISSING'
  /** A stream has fewer replicas than the configuration says. */
  | 'TOO_FEW_REPLICAS'
  /** A server that has a replica is away, or behind. */
  | 'REPLICA_BEHIND';

export interface Problem {
  readonly code: ProblemCode;
  /** One line: what was found, and what to do. */
  readonly message: string;
}

/** What looks wrong in a cluster. Most of it is normal for some seconds after a gateway or a server came or went. */
export const problemsOf = (
  { stream, gateways, boxes, streams }: Survey,
  replicas: number,
): readonly Problem[] => [
  ...(gateways.length === 0
    ? [problem('NO_GATEWAY', `no gateway shares the stream ${stream}: nobody listens to any box`)]
    : boxes.flatMap((box) => ofBox(box, gateways))),
  ...sharedNames(gateways),
  ...severalVersions(gateways),
  ...missing(streams),
  ...tooFewReplicas(streams, replicas),
  ...behind(streams),
];

const problem = (code: ProblemCode, message: string): Problem => ({ code, message });

function ofBox(
  { id, site, gateway }: SurveyedBox,
  gateways: readonly SurveyedGateway[],
): Problem[] {
  if (site === null) {
    const message = `gateway ${gateway} listens to box ${id}, which is not in this file; make the sites of all files equal`;
    return [problem('BOX_UNKNOWN', message)];
  }
  if (gateway !== null) return [];
  const isReached = gateways.some(({ sites }) => sites?.includes(site) ?? true);
  const why = isReached ? '' : `: no living gateway has its site ${site} in cluster.sites`;
  return [problem('BOX_UNHEARD', `nobody listens to box ${id}${why}`)];
}

function sharedNames(gateways: readonly SurveyedGateway[]): Problem[] {
  const names = gateways.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) =>
    problem('NAME_TWICE', `several gateways are called ${name}; set cluster.name of each`),
  );
}

function severalVersions(gateways: readonly SurveyedGateway[]): Problem[] {
  const versions = Map.groupBy(gateways, ({ version }) => version);
  if (versions.size < 2) return [];
  const found = [...versions].map(
    ([version, members]) => `${version} (${members.map(({ name }) => name).join(', ')})`,
  );
  const message = `gateways have different versions: ${found.join(', ')}; update the older ones`;
  return [problem('VERSIONS_DIFFER', message)];
}

function missing(streams: readonly SurveyedStream[]): Problem[] {
  const names = streams.flatMap(({ name, state }) => (state ? [] : [name]));
  if (names.length === 0) return [];
  const message = `NATS does not have ${names.join(', ')}; the first gateway that starts creates them`;
  return [problem('STREAM_MISSING', message)];
}

function tooFewReplicas(streams: readonly SurveyedStream[], wanted: number): Problem[] {
  return streams.flatMap(({ name, state }) => {
    if (!state || state.replicas >= wanted) return [];
    const message = `the stream ${name} has ${state.replicas} of ${wanted} replicas (journal.nats.replicas): nats stream edit ${name} --replicas ${wanted}`;
    return [problem('TOO_FEW_REPLICAS', message)];
  });
}

function behind(streams: readonly SurveyedStream[]): Problem[] {
  const found = streams.flatMap(({ name, state }) =>
    state && state.current < state.replicas
      ? [`${name} (on ${state.current} of ${state.replicas})`]
      : [],
  );
  if (found.length === 0) return [];
  const message = `not all servers have all of ${found.join(', ')}; look at the NATS servers`;
  return [problem('REPLICA_BEHIND', message)];
}
