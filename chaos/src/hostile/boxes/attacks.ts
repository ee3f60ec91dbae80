import { Random } from '@se5/simulator';
import { atRate, pause } from '../at-rate.ts';
import type { Attack, BoxAttackName } from '../attack.ts';
import type { Target } from '../process-messages.ts';
import type { Tally } from '../tally.ts';
import type { HostileBox } from './hostile-box.ts';
import { messageOf, renamedList, storedPage } from './messages.ts';

export interface BoxAttack {
  readonly box: HostileBox;
  readonly attack: Attack;
  readonly target: Target;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

interface Saying {
  readonly perSecond: number;
  /** Before the scale of the attack. */
  readonly most: number;
}

/** Says something again and again; what nobody listened to is no try. */
const say = (
  { box, attack, tally, signal }: BoxAttack,
  { perSecond, most }: Saying,
  message: (number: number) => string | Uint8Array,
): Promise<void> =>
  atRate({ perSecond, most: Math.ceil(most * attack.scale), signal }, (index) => {
    if (box.say(message(attack.seed + index))) tally.tried();
    else tally.got('nobody listened');
  });

/** Of sizes and lengths, how much the scale leaves: all of it in every run but the small one of the tests. */
const sized = ({ attack }: BoxAttack, most: number): number =>
  Math.ceil(most * Math.min(1, 2 * attack.scale));

/** Drops the connection now and then, so that the gateway asks anew. */
async function dropEvery(ms: number, { box, attack, tally, signal }: BoxAttack): Promise<void> {
  const rate = { perSecond: 1_000 / ms, most: Math.ceil(20 * attack.scale), signal };
  await atRate(rate, () => {
    box.drop();
    tally.got('link dropped by the box');
  });
  // Until the gateway is back, and has asked.
  await pause(attack.ms, signal);
}

const MIB = 2 ** 20;

/** Kept as it is, without its further members, and beyond what any message may have. */
const JUNK_BYTES = [60 * 2 ** 10, MIB, 30 * MIB];

const JUNK = Buffer.alloc(30 * MIB, 'j');

const SPACE = Buffer.alloc(20 * MIB, ' ');

/** Puts so many bytes into the empty text that the message has as `junk`. */
function withJunk(message: string, bytes: number): Buffer {
  const at = message.indexOf('"junk":"') + '"junk":"'.length;
  const [before, behind] = [message.slice(0, at), message.slice(at)];
  return Buffer.concat([Buffer.from(before), JUNK.subarray(0, bytes), Buffer.from(behind)]);
}

/** Four bytes. */
const SMALL_PICTURE = '/9j/4A==';

/** A client that gets it takes it for an event of an honest box, which has none of this number. */
const FORGED = { serial: -1 };

/** 600,000 members in 7 MB. */
const MEMBERS = 600_000;

const membersOf = (count: number): string =>
  Array.from({ length: count }, (_, member) => `"m${member}":1`).join(',');

/** What each hostile box does. */
export const BOX_ATTACKS: Readonly<Record<BoxAttackName, (attack: BoxAttack) => Promise<void>>> = {
  'junk-text': (attack) => {
    const random = new Random(attack.attack.seed, 'junk');
    const { deviceId } = attack.box;
    return say(attack, { perSecond: 4, most: 24 }, (number) =>
      withJunk(
        messageOf({ deviceId, number, ext: { junk: '' } }),
        sized(attack, random.pick(JUNK_BYTES)),
      ),
    );
  },
  'long-device-id': (attack) => {
    // One message: its device is as long as it is each time.
    const message = Buffer.from(
      messageOf({ deviceId: 'd'.repeat(sized(attack, 6 * MIB)), number: 0 }),
    );
    return say(attack, { perSecond: 3, most: 6 }, () => message);
  },
  'invented-devices': (attack) =>
    say(attack, { perSecond: 8_000, most: 61_000 }, (number) =>
      messageOf({ deviceId: `invented-${number}`, number }),
    ),
  'forged-prefix': (attack) => {
    const { deviceIds } = attack.target;
    return say(attack, { perSecond: 50, most: 50 }, (number) =>
      messageOf({ deviceId: deviceIds[number % deviceIds.length] ?? '', number, ext: FORGED }),
    );
  },
  'small-pictures': (attack) => {
    const { deviceId } = attack.box;
    return say(attack, { perSecond: 5, most: 40 }, (number) =>
      // White space around an event is no text of it, so that the event is taken.
      Buffer.concat([
        SPACE.subarray(0, sized(attack, SPACE.length)),
        Buffer.from(messageOf({ deviceId, number, registered: SMALL_PICTURE })),
      ]),
    );
  },
  'empty-objects': (attack) => say(attack, { perSecond: 20_000, most: 80_000 }, () => '{}'),
  'empty-frames': (attack) => say(attack, { perSecond: 20_000, most: 80_000 }, () => ''),
  'event-flood': (attack) => {
    const { deviceId } = attack.box;
    return say(attack, { perSecond: 13_000, most: 65_000 }, (number) =>
      messageOf({ deviceId, number }),
    );
  },
  'many-members': (attack) => {
    const { deviceId } = attack.box;
    const members = membersOf(sized(attack, MEMBERS));
    const event = messageOf({ deviceId, number: attack.attack.seed });
    const message = Buffer.from(event.replace('"ext_data":{', `"ext_data":{${members},`));
    return say(attack, { perSecond: 1, most: 2 }, () => message);
  },
  'stored-pages': async (attack) => {
    const { api } = attack.box;
    const page = storedPage(sized(attack, 200_000));
    api.lie = (path) => {
      if (!path.startsWith('/SophonFace/api/events')) return undefined;
      attack.tally.tried();
      return page;
    };
    await dropEvery(3_000, attack);
    api.lie = undefined;
  },
  'renamed-devices': async (attack) => {
    const { api } = attack.box;
    let poll = attack.attack.seed;
    api.lie = (path) => {
      if (!path.startsWith('/SophonDevice/api/Devices')) return undefined;
      attack.tally.tried();
      poll += 1;
      return renamedList(poll, sized(attack, 20_000));
    };
    await dropEvery(2_500, attack);
    // The last list stays: a box that has a thousand devices makes nested lists long.
  },
};
