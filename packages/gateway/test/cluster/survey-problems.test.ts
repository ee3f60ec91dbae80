import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../src/cluster/survey/problems.ts';
import type {
  Survey,
  SurveyedBox,
  SurveyedGateway,
  SurveyedStream,
} from '../../src/cluster/survey/survey.ts';
import type { BoxId, SiteId } from '../../src/config/ids.ts';

const gateway = (name: string, more: Partial<SurveyedGateway> = {}): SurveyedGateway => ({
  ...{ name, process: `p-${name}`, version: '1.0.0', state: 'alive', sites: null },
  ...{ boxes: 1, behind: 0, waiting: 0 },
  ...more,
});

const box = (id: string, owner: string | null, site: string | null = 'hq'): SurveyedBox => ({
  id: id as BoxId,
  site: site as SiteId | null,
  gateway: owner,
  link: owner === null ? null : 'LIVE',
  since: owner === null ? null : 0,
});

const stream = (name: string, replicas = 3, current = replicas): SurveyedStream => ({
  name,
  state: { messages: 1, bytes: 400, newest: 1, replicas, current },
});

const WELL: Survey = {
  stream: 'se5',
  gateways: [gateway('a'), gateway('b')],
  boxes: [box('lobby', 'a'), box('garage', 'b')],
  streams: [stream('se5'), stream('se5_keys')],
};

const found = (change: Partial<Survey>) =>
  problemsOf({ ...WELL, ...change }, 3).map(({ code, message }) => `${code}: ${message}`);

describe('what looks wrong in a cluster', () => {
  it('is nothing when each box has a gateway and each stream its replicas', () => {
    expect(found({})).toEqual([]);
  });

  it('is a cluster without a gateway, which is said once', () => {
    expect(found({ gateways: [], boxes: [box('lobby', null), box('garage', null)] })).toEqual([
      'NO_GATEWAY: no gateway shares the stream se5: nobody listens to any box',
    ]);
  });

  it('is a box that nobody listens to, with the reason when none can reach its site', () => {
    expect(found({ boxes: [box('lobby', 'a'), box('garage', null)] })).toEqual([
      'BOX_UNHEARD: nobody listens to box garage',
    ]);
    const gateways = [gateway('a', { sites: ['plant' as SiteId] })];
    expect(found({ gateways, boxes: [box('garage', null)] })).toEqual([
      'BOX_UNHEARD: nobody listens to box garage: no living gateway has its site hq in cluster.sites',
    ]);
  });

  it('is a box that only other files have', () => {
    expect(found({ boxes: [...WELL.boxes, box('yard', 'b', null)] })).toEqual([
      'BOX_UNKNOWN: gateway b listens to box yard, which is not in this file; make the sites of all files equal',
    ]);
  });

  it('is a name that two gateways have', () => {
    expect(found({ gateways: [gateway('a'), gateway('a', { process: 'other' })] })).toEqual([
      'NAME_TWICE: several gateways are called a; set cluster.name of each',
    ]);
  });

  it('is more than one version', () => {
    const gateways = [gateway('a'), gateway('b', { version: '2.0.0' }), gateway('c')];
    expect(found({ gateways })).toEqual([
      'VERSIONS_DIFFER: gateways have different versions: 1.0.0 (a, c), 2.0.0 (b); update the older ones',
    ]);
  });

  it('is a stream that is missing, has too few replicas, or one that is behind', () => {
    const streams = [
      { name: 'se5', state: null },
      { name: 'se5_notes', state: null },
      stream('se5_keys', 1),
      stream('se5_pictures', 3, 2),
    ];
    expect(found({ streams })).toEqual([
      'STREAM_MISSING: NATS does not have se5, se5_notes; the first gateway that starts creates them',
      'TOO_FEW_REPLICAS: the stream se5_keys has 1 of 3 replicas (journal.nats.replicas): nats stream edit se5_keys --replicas 3',
      'REPLICA_BEHIND: not all servers have all of se5_pictures (on 2 of 3); look at the NATS servers',
    ]);
  });
});
