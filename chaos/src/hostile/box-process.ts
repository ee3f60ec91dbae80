import { BOX_ATTACK_NAMES, type BoxAttackName } from './attack.ts';
import { BOX_ATTACKS } from './boxes/attacks.ts';
import { HostileBox } from './boxes/hostile-box.ts';
import { serveAttacks } from './serve-attacks.ts';

const boxes = new Map<string, { readonly box: HostileBox; readonly name: BoxAttackName }>();
for (const [seed, name] of BOX_ATTACK_NAMES.entries()) {
  boxes.set(name, { name, box: await HostileBox.start(name, seed) });
}

serveAttacks(
  async (attack, target, tally) => {
    const found = boxes.get(attack.name);
    if (!found) throw new RangeError(`no box does ${attack.name}`);
    const signal = AbortSignal.timeout(attack.ms);
    await BOX_ATTACKS[found.name]({ box: found.box, attack, target, tally, signal });
  },
  [...boxes.values()].map(({ box }) => box.ports),
);
