/** Somebody whom all boxes know, and who can be erased. */
export interface Person {
  /** Found nowhere by chance: the bytes of all files are searched for it. */
  readonly identityId: string;
  /** Not a stranger: those have no key of their own. */
  readonly personType: number;
}

const EMPLOYEE = 1;
const VISITOR = 2;
const VIP = 5;

/** Faults and sent events name them by their index. */
export const PERSONS: readonly Person[] = [EMPLOYEE, VISITOR, VIP, EMPLOYEE, VISITOR, VIP].map(
  (personType, index) => ({ identityId: `erasable-person-${index}`, personType }),
);
