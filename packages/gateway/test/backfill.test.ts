import { startSimulator, TEMPLATE } from '@se5/simulator';
import { expect, it } from 'vitest';
import { nextEvent, readEvents } from './support/event-source.ts';
import { post, startGateway } from './support/gateways.ts';
import { recordedLog } from './support/recorded-log.ts';
import { AT_ONCE, isListenedTo } from './support/rig.ts';
import { until } from './support/until.ts';

const EVERYTHING = `
  id delivery replayed occurredAt identityId identityName groupName identityInfo extra
  gapsBefore { reason } faceImage { base64 url } registeredImage { base64 }
`;

it('what a box said during an outage is delivered, in history, in the state of the box, in the log and the figures, without a template', async () => {
  const { logger, lines } = recordedLog();
  await using simulator = await startSimulator();
  await using gateway = await startGateway({
    simulators: [simulator],
    config: { images: { capture: 'always' } },
    logger,
    backfill: AT_ONCE,
  });
  const { url } = gateway;
  await simulator.until(isListenedTo);
  const subscription = `subscription { recognitionEvents(withImages: true) { ${EVERYTHING} } }`;
  const events = readEvents(await post(url, subscription, { Accept: 'text/event-stream' }));
  const delivered: string[] = [];
  simulator.emit();
  delivered.push((await nextEvent(events)).data);

  await simulator.faults.refuse('closed');
  simulator.faults.drop();
  const missed = simulator.emit({ personType: 1 });
  await until(() => lines.some(({ message }) => message.endsWith('trying until it answers')));
  await simulator.faults.welcome();
  delivered.push((await nextEvent(events)).data);
  expect(JSON.parse(delivered[1] ?? '')).toMatchObject({
    data: {
      recognitionEvents: {
        delivery: 'BACKFILLED',
        replayed: false,
        occurredAt: new Date(missed.timestamp).toISOString(),
        identityName: missed.identityName,
        gapsBefore: [],
        faceImage: { base64: missed.pictures.face },
        registeredImage: { base64: missed.pictures.registered },
      },
    },
  });
  const message = 'box box-1: 1 missed events were read back from it';
  await until(() => lines.some((line) => line.message === message));

  const history = `{ recognitionEvents(first: 10) { nodes: edges { node { ${EVERYTHING} } } } }`;
  const answers = [
    await (await post(url, history)).text(),
    await (await post(url, '{ box(id: "box-1") { backfill { state recovered error } } }')).text(),
    await (await fetch(`${url}/metrics`)).text(),
  ];
  expect(answers[0]).toContain('BACKFILLED');
  expect(JSON.parse(answers[1] ?? '')).toEqual({
    data: { box: { backfill: { state: 'COMPLETE', recovered: 1, error: null } } },
  });
  expect(answers[2]).toContain('se5_backfilled_total{box="box-1"} 1');

  const said = [...delivered, ...answers, JSON.stringify(lines)].join('\n');
  expect(said).toContain('recognize_face_attr');
  expect(said).not.toContain('feature');
  for (const secret of [...TEMPLATE.feature.map(String), TEMPLATE.feature_binary]) {
    expect(said).not.toContain(secret.slice(0, 12));
  }
  await events.return();
});
