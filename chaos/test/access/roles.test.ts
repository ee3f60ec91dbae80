import { expect, it } from 'vitest';
import { permitted, ROLES, roleOf } from '../../src/access/roles.ts';
import { interestsOf } from '../../src/clients/interest.ts';
import type { SentEvent } from '../../src/world/sent-event.ts';

const BOXES = [
  { siteId: 'north', boxId: 'one', deviceIds: ['a', 'b', 'c', 'd'] },
  { siteId: 'south', boxId: 'two', deviceIds: ['e', 'f', 'g', 'h'] },
];
const SITE_OF = new Map(BOXES.map(({ boxId, siteId }) => [boxId, siteId]));

const said: SentEvent = {
  serial: 0,
  siteId: 'north',
  boxId: 'one',
  deviceId: 'a',
  at: 0,
  personType: 5,
  person: undefined,
  score: 0.95,
  listeners: 1,
  isRepeated: false,
};

it('gives each role to clients of each transport', () => {
  const roles = [0, 1, 2, 3].map((client) => roleOf(client).name);
  expect(new Set([roles[0], roles[2]]).size).toBe(ROLES.length);
  expect(new Set([roles[1], roles[3]]).size).toBe(ROLES.length);
});

it('lets a client want what it asks for and its role sees', () => {
  const [everything] = interestsOf(BOXES, 1);
  const gatehouse = ROLES.find(({ name }) => name === 'gatehouse');
  if (!everything || !gatehouse) throw new Error('there is no such interest or role');
  const { wants, reaches } = permitted(everything, gatehouse, SITE_OF);
  expect(wants(said)).toBe(true);
  expect(wants({ ...said, personType: 3 })).toBe(false);
  expect(wants({ ...said, siteId: 'south', boxId: 'two' })).toBe(false);
  expect(BOXES.map(({ boxId }) => reaches(boxId))).toEqual([true, false]);
});
