import { Random } from '@se5/simulator';
import { CLIENT_ATTACKS } from './clients/attacks.ts';
import { serveAttacks } from './serve-attacks.ts';

/** For documentation (RFC 5737): nobody has such an address. */
const addressOf = (random: Random): string => `198.51.100.${1 + random.below(20)}`;

/** Of the attackers, how many are on the gateway's machine. */
const LOCAL = 0.25;

const attacks = new Map(Object.entries(CLIENT_ATTACKS));

serveAttacks(async (attack, target, tally) => {
  const carryOut = attacks.get(attack.name);
  if (!carryOut) throw new RangeError(`no client does ${attack.name}`);
  const random = new Random(attack.seed, 'client');
  const address = random.next() < LOCAL ? undefined : addressOf(random);
  const signal = AbortSignal.timeout(attack.ms);
  await carryOut({ attack, target, tally, random, address, signal });
});
