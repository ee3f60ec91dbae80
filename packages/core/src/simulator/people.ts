import type { JsonObject } from '../protocol/json.ts';
import type { Portrait, Portraits } from './portraits.ts';
import { Random } from './random.ts';

/** The wire's numbers for whom a face was taken for [seed]. */
export const PERSON_TYPE = { employee: 1, visitor: 2, blacklist: 3, stranger: 4, vip: 5 } as const;

/** What an event says of whom the box saw. */
export interface Subject {
  /** `""` for a stranger. */
  readonly identityId: string;
  readonly identityName: string;
  readonly groupName: string;
  /** The enrolment record, `{}` for a stranger. */
  readonly identityInfo: JsonObject;
  /** 1 employee, 2 visitor, 3 blacklist, 4 stranger, 5 VIP. */
  readonly personType: number;
  readonly portrait: Portrait;
}

export interface People {
  readonly enrolled: readonly Subject[];
  readonly strangers: readonly Subject[];
}

interface Role {
  readonly title: string;
  readonly personType: number;
  readonly groups: readonly string[];
  /** Of ten enrolled people, how many have this role. */
  readonly ofTen: number;
}

const ROLES: readonly Role[] = [
  {
    title: 'Employee',
    personType: PERSON_TYPE.employee,
    groups: ['Engineering', 'Operations', 'Reception', 'Facilities', 'Finance'],
    ofTen: 6,
  },
  {
    title: 'Visitor',
    personType: PERSON_TYPE.visitor,
    groups: ['Visitors', 'Contractors', 'Couriers'],
    ofTen: 2,
  },
  { title: 'VIP', personType: PERSON_TYPE.vip, groups: ['Board guests'], ofTen: 1 },
  { title: 'Barred person', personType: PERSON_TYPE.blacklist, groups: ['Watch list'], ofTen: 1 },
];

/** One register for all boxes, whatever their seed: the same face has one name everywhere. */
const REGISTER_SEED = 5;
const FIRST_ENROLMENT_S = 1_700_000_000;

const roleOf = (index: number): { readonly role: Role; readonly number: number } => {
  let rest = index % 10;
  for (const role of ROLES) {
    if (rest < role.ofTen) {
      return { role, number: Math.floor(index / 10) * role.ofTen + rest + 1 };
    }
    rest -= role.ofTen;
  }
  throw new RangeError('The roles do not add up to ten');
};

const enrol = (portrait: Portrait, index: number, random: Random): Subject => {
  const { role, number } = roleOf(index);
  const identityName = `${role.title} ${String(number).padStart(2, '0')}`;
  return {
    identityId: String(600_001 + index),
    identityName,
    groupName: random.pick(role.groups),
    identityInfo: {
      addTime: FIRST_ENROLMENT_S + random.below(50_000_000),
      image_id: random.uuid(),
      name: identityName,
      type: role.personType,
    },
    personType: role.personType,
    portrait,
  };
};

const stranger = (portrait: Portrait): Subject => ({
  identityId: '',
  identityName: 'stranger',
  groupName: '',
  identityInfo: {},
  personType: PERSON_TYPE.stranger,
  portrait,
});

export const peopleOf = (portraits: Portraits): People => {
  const random = new Random(REGISTER_SEED, 'register');
  return {
    enrolled: portraits.people.map((portrait, index) => enrol(portrait, index, random)),
    strangers: portraits.strangers.map(stranger),
  };
};
