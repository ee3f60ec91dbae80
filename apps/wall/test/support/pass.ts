import type { Simulator } from '@se5/simulator';

type Given = NonNullable<Parameters<Simulator['emit']>[0]>;

/** Somebody of that name, and nobody else, passes a device of the box: an employee by default. */
export const pass = (box: Simulator, name: string, given: Given = {}) =>
  box.emit({ identityId: name, identityName: name, personType: 1, ...given });
