import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problems.ts';
import { WEEKDAYS } from '../../src/config/watch.ts';

const SITES = `sites:
  - { id: hq, boxes: [{ id: hq-lobby, host: 10.0.0.1 }, { id: hq-garage, host: 10.0.0.2 }] }
  - { id: plant, boxes: [] }
`;

const rulesOf = (watch: string) => parseConfig(`${SITES}${watch}`).watch;

function problemsOf(watch: string): readonly string[] {
  try {
    rulesOf(watch);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.problems.map(({ key, message }) => `${key}: ${message}`);
    throw error;
  }
  return [];
}

const problemOf = (rule: string) => problemsOf(`watch: [{ id: a, title: A, ${rule} }]`).join('\n');

describe('watch rules', () => {
  it('are none by default', () => {
    expect(rulesOf('')).toEqual([]);
  });

  it('need an id and a title alone', () => {
    expect(rulesOf('watch: [{ id: blacklist, title: Blacklisted person }]')).toEqual([
      {
        id: 'blacklist',
        title: 'Blacklisted person',
        severity: 'MEDIUM',
        when: undefined,
        timezone: undefined,
        events: {},
        cooldownMs: 60_000,
      },
    ]);
  });

  it('are read with every key of the documentation', () => {
    const watch = `
watch:
  - id: night
    title: Stranger at night
    severity: HIGH
    when:
      - { days: [FRI, SAT], from: 18:00, to: "06:30" }
      - { days: [SUN] }
      - { from: "12:00" }
    timezone: Europe/Berlin
    sites: [hq]
    boxes: [hq-garage]
    devices: [hq-lobby/gate, door]
    personTypes: [STRANGER]
    groups: []
    identities: ["17"]
    minSimilarity: 0.5
    cooldown: none
`;
    expect(rulesOf(watch)).toEqual([
      {
        id: 'night',
        title: 'Stranger at night',
        severity: 'HIGH',
        when: [
          { days: ['FRI', 'SAT'], fromMs: 64_800_000, toMs: 23_400_000 },
          { days: ['SUN'], fromMs: 0, toMs: 86_400_000 },
          { days: WEEKDAYS, fromMs: 43_200_000, toMs: 86_400_000 },
        ],
        timezone: 'Europe/Berlin',
        events: {
          siteIds: ['hq'],
          boxIds: ['hq-garage'],
          deviceIds: ['hq-lobby/gate', 'door'],
          personTypes: ['STRANGER'],
          groupNames: [],
          identityIds: ['17'],
          minSimilarity: 0.5,
        },
        cooldownMs: 0,
      },
    ]);
  });

  it.each([
    [
      'severity: URGENT',
      'watch[0].severity: found "URGENT"; allowed: LOW, MEDIUM, HIGH or CRITICAL',
    ],
    ['when: [{ from: "6:00" }]', 'watch[0].when[0].from: found "6:00"; allowed: a time of day'],
    ['when: [{ from: "24:00" }]', 'watch[0].when[0].from: found "24:00"; allowed: a time of day'],
    ['when: [{ to: "24:01" }]', 'watch[0].when[0].to: found "24:01"; allowed: a time of day'],
    ['when: [{ days: [MONDAY] }]', 'watch[0].when[0].days[0]: found "MONDAY"; allowed: MON, TUE'],
    [
      'when: [{ from: "08:00", to: "08:00" }]',
      'watch[0].when[0]: found a map of keys; allowed: from and to that differ',
    ],
    ['timezone: "+08:00"', 'watch[0].timezone: found "+08:00"; allowed: an IANA time zone'],
    ['personTypes: [GUEST]', 'watch[0].personTypes[0]: found "GUEST"; allowed: EMPLOYEE, VISITOR'],
    ['minSimilarity: 62', 'watch[0].minSimilarity: found 62; allowed: a number from 0 to 1'],
    ['cooldown: 0s', 'watch[0].cooldown: found "0s"; allowed: none, or a duration such as 60s'],
    ['groups: staff', 'watch[0].groups: found "staff"; allowed: a list of names of groups'],
    ['persons: []', 'watch[0].persons: unknown key'],
  ])('are refused with %s', (rule, problem) => {
    expect(problemOf(rule)).toContain(problem);
  });

  it('name sites and boxes that there are', () => {
    expect(problemOf('sites: [hq, plnat]')).toBe(
      'watch[0].sites[1]: no site has the id "plnat", so the rule would watch nothing there; did you mean plant? There are: hq, plant',
    );
    expect(problemOf('boxes: [hq-loby]')).toBe(
      'watch[0].boxes[0]: no box has the id "hq-loby", so the rule would watch nothing there; did you mean hq-lobby? There are: hq-lobby, hq-garage',
    );
    expect(problemOf('devices: [gate, hq-lobby/gate, elsewhere/gate]')).toBe(
      'watch[0].devices[2]: no box has the id "elsewhere", so the rule would watch nothing there; There are: hq-lobby, hq-garage',
    );
  });

  it('have an id each', () => {
    const twice = 'watch: [{ id: a, title: A }, { id: b, title: B }, { id: a, title: C }]';
    expect(problemsOf(twice)).toEqual([
      'watch[2].id: found "a", but watch[0].id is the same; each rule needs an id of its own: change one of them',
    ]);
  });

  it('are 100 at most', () => {
    const rules = Array.from({ length: 101 }, (_, index) => ({ id: `${index}`, title: 'A' }));
    expect(problemsOf(`watch: ${JSON.stringify(rules)}`)).toEqual([
      'watch: found a list; allowed: a list of at most 100 rules, each with at least `id` and `title`',
    ]);
  });
});
