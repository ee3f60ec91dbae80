import { type Role, roleOf } from './cast.ts';
import type { JsonObject } from './json.ts';
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

interface RoleRecord {
  readonly title: string;
  readonly personType: number;
  readonly groups: readonly string[];
}

const ROLES: Readonly<Record<Role, RoleRecord>> = {
  employee: {
    title: 'Employee',
    personType: PERSON_TYPE.employee,
    groups: ['Engineering', 'Operations', 'Reception', 'Facilities', 'Finance'],
  },
  visitor: {
    title: 'Visitor',
    personType: PERSON_TYPE.visitor,
    groups: ['Visitors', 'Contractors', 'Couriers'],
  },
  vip: { title: 'VIP', personType: PERSON_TYPE.vip, groups: ['Board guests'] },
  barred: { title: 'Barred person', personType: PERSON_TYPE.blacklist, groups: ['Watch list'] },
};

/** One register for all boxes, whatever their seed: the same face has one name everywhere. */
const REGISTER_SEED = 5;
const FIRST_IDENTITY_ID = 600_000;
const FIRST_ENROLMENT_S = 1_700_000_000;

/** `number`: of the person, from 1; `ofRole`: among those of the same role. */
const enrol = (portrait: Portrait, number: number, ofRole: number, random: Random): Subject => {
  const { title, personType, groups } = ROLES[roleOf(number)];
  const identityName = `${title} ${String(ofRole).padStart(2, '0')}`;
  return {
    identityId: String(FIRST_IDENTITY_ID + number),
    identityName,
    groupName: random.pick(groups),
    identityInfo: {
      addTime: FIRST_ENROLMENT_S + random.below(50_000_000),
      image_id: random.uuid(),
      name: identityName,
      type: personType,
    },
    personType,
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
  const enrolledOf: Record<Role, number> = { employee: 0, visitor: 0, vip: 0, barred: 0 };
  return {
    enrolled: portraits.people.map((portrait, index) => {
      const number = index + 1;
      const role = roleOf(number);
      enrolledOf[role] += 1;
      return enrol(portrait, number, enrolledOf[role], random);
    }),
    strangers: portraits.strangers.map(stranger),
  };
};
