import { count, type Figure } from './figure.ts';
import { againstBare } from './rounds.ts';
import { CPU_PER_DELIVERY, inLockstep, sideBySide } from './side-by-side.ts';

const SELECTIONS = 20;
const FIELDS_OF_A_SELECTION = 9;

const FIELDS = [
  'id',
  'cursor',
  'occurredAt',
  'receivedAt',
  'delivery',
  'replayed',
  'personType',
  'identityName',
  'groupName',
  'identityInfo',
  'score',
  'similarity',
  'deviceType',
  'deviceIp',
  'device { id name }',
  'box { id name }',
  'site { id name timezone }',
  'who: identityName',
  'extra',
  'gapsBefore { reason from to boxId }',
] as const;

/** The nth has its fields in another order than any other. */
function selection(index: number): string {
  const fields = [...FIELDS.slice(index), ...FIELDS].slice(0, FIELDS_OF_A_SELECTION);
  return `subscription Recognitions { recognitionEvents { identityId ${fields.join(' ')} } }`;
}

export const selections: Figure = {
  name: 'selections',
  title: `Fan-out with ${SELECTIONS} selections`,
  measure(bench) {
    const subscribers = bench.plan.scaled(1_000);
    const scenario = `${count(subscribers)} subscribers, ${SELECTIONS} selections`;
    const rows = [{ scenario, ...CPU_PER_DELIVERY, rule: againstBare() }];
    return sideBySide(bench, {
      figure: selections.name,
      operations: Array.from({ length: SELECTIONS }, (_, index) => ({
        query: selection(index),
        showsPictures: false,
      })),
      runs: [{ subscribers, pace: inLockstep(bench.plan), rows }],
    });
  },
};
