import { type NatsServer, natsTestsAreSkipped } from '@se5/nats-server';
import type { Simulator } from '@se5/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemsOf } from '../../src/cluster/survey/problems.ts';
import type { Survey } from '../../src/cluster/survey/survey.ts';
import { surveyCluster } from '../../src/cluster/survey/survey-cluster.ts';
import { parseConfig } from '../../src/config/load.ts';
import { type ClusterStage, setClusterStage, type TestCluster } from '../support/cluster.ts';
import { configText } from '../support/gateways.ts';

describe.skipIf(natsTestsAreSkipped())('a look at a cluster', () => {
  let stage: ClusterStage;
  let server: NatsServer;
  let simulators: readonly Simulator[];
  let cluster: TestCluster;

  beforeEach(async () => {
    stage = await setClusterStage();
    ({ server, simulators, cluster } = stage);
  });

  afterEach(() => stage[Symbol.asyncDispose]());

  const look = (more: object = {}): Promise<Survey> => {
    const journal = { nats: { servers: [server.url] } };
    const { sites, ...config } = parseConfig(configText(simulators, { journal, ...more }));
    if (!config.journal.nats) throw new Error('there is no NATS in it');
    return surveyCluster({ nats: config.journal.nats, sites });
  };

  /** Looks again until it is so: a busy machine may need longer than one look takes. */
  async function until(isSo: (survey: Survey) => boolean, more?: object): Promise<Survey> {
    for (;;) {
      const survey = await look(more);
      if (isSo(survey)) return survey;
    }
  }

  const areAllHeard = ({ boxes }: Survey): boolean => boxes.every(({ link }) => link === 'LIVE');

  const ownedBy = ({ boxes }: Survey, name: string): number =>
    boxes.filter(({ gateway }) => gateway === name).length;

  const isShared = (survey: Survey): boolean =>
    survey.gateways.length === 2 &&
    survey.gateways.every(({ name, boxes }) => boxes > 0 && boxes === ownedBy(survey, name));

  const shares = ({ gateways }: Survey) =>
    Object.fromEntries(gateways.map(({ name, boxes }) => [name, boxes]));

  it('shows gateways, boxes and streams, and takes no part', async () => {
    const nothing = await look();
    expect(nothing).toMatchObject({
      gateways: [],
      streams: [1, 2, 3, 4, 5].map(() => ({ state: null })),
    });
    expect(problemsOf(nothing, 1).map(({ code }) => code)).toEqual([
      'NO_GATEWAY',
      'STREAM_MISSING',
    ]);

    await cluster.start('a');
    await cluster.start('b');
    const survey = await until((survey) => areAllHeard(survey) && isShared(survey));
    const { gateways, boxes, streams } = survey;
    expect(gateways).toMatchObject([
      { name: 'a', state: 'alive', sites: null, behind: 0 },
      { name: 'b', state: 'alive', sites: null, behind: 0 },
    ]);
    expect(boxes.map(({ id, site }) => `${site}/${id}`)).toEqual(
      [1, 2, 3, 4].map((number) => `site/box-${number}`),
    );
    expect(streams.map(({ name, state }) => [name, state?.replicas, state?.current])).toEqual(
      ['se5', 'se5_notes', 'se5_keys', 'se5_pictures', 'se5_access'].map((name) => [name, 1, 1]),
    );
    expect(problemsOf(survey, 1)).toEqual([]);
    // Nobody took a box for it.
    expect(shares(await until(isShared))).toEqual(shares(survey));
    expect(simulators.map(({ connections }) => connections)).toEqual([1, 1, 1, 1]);
  });

  it('shows a gateway that stopped no more, and who has its boxes', async () => {
    await cluster.start('a');
    await cluster.start('b');
    await until(isShared);
    await cluster.stop('a');
    const survey = await until((survey) => ownedBy(survey, 'b') === 4 && areAllHeard(survey));
    expect(survey.gateways).toMatchObject([{ name: 'b', boxes: 4 }]);
  });

  it('shows boxes that nobody listens to, and those that only gateways have', async () => {
    await cluster.start('a');
    await until(areAllHeard);
    const sites = [{ id: 'plant', boxes: [{ id: 'gate', host: 'gate' }] }];
    const survey = await until(({ boxes }) => boxes.length === 5, { sites });
    expect(problemsOf(survey, 1).map(({ code }) => code)).toEqual([
      'BOX_UNHEARD',
      ...Array(4).fill('BOX_UNKNOWN'),
    ]);
  });
});
