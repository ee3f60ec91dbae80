import { z } from 'zod';

interface AttackKind {
  readonly by: 'client' | 'box';
  /** From one to the next on average. Every plan has one of each at least. */
  readonly everySeconds: number;
  /** How long one lasts at most. */
  readonly ms: number;
}

/** Every kind of attack. Each box attack has a box of its own, whose id is the name of the attack. */
export const ATTACKS = {
  'graphiql-unread': { by: 'client', everySeconds: 30, ms: 8_000 },
  'answers-unread': { by: 'client', everySeconds: 30, ms: 12_000 },
  'wrong-tokens': { by: 'client', everySeconds: 20, ms: 4_000 },
  'deep-nesting': { by: 'client', everySeconds: 10, ms: 4_000 },
  'counts-abandoned': { by: 'client', everySeconds: 15, ms: 4_000 },
  'long-device-lists': { by: 'client', everySeconds: 20, ms: 6_000 },
  'unknown-variables': { by: 'client', everySeconds: 15, ms: 4_000 },
  'pongs-unread': { by: 'client', everySeconds: 20, ms: 6_000 },
  'subscribe-complete': { by: 'client', everySeconds: 15, ms: 4_000 },
  'queries-at-full-speed': { by: 'client', everySeconds: 15, ms: 4_000 },
  'replays-unread': { by: 'client', everySeconds: 30, ms: 8_000 },
  'sockets-by-the-hundred': { by: 'client', everySeconds: 60, ms: 6_000 },
  'junk-text': { by: 'box', everySeconds: 15, ms: 4_000 },
  'long-device-id': { by: 'box', everySeconds: 30, ms: 3_000 },
  'invented-devices': { by: 'box', everySeconds: 30, ms: 8_000 },
  'forged-prefix': { by: 'box', everySeconds: 10, ms: 2_000 },
  'small-pictures': { by: 'box', everySeconds: 20, ms: 6_000 },
  'empty-objects': { by: 'box', everySeconds: 20, ms: 4_000 },
  'empty-frames': { by: 'box', everySeconds: 20, ms: 4_000 },
  'event-flood': { by: 'box', everySeconds: 20, ms: 5_000 },
  'many-members': { by: 'box', everySeconds: 30, ms: 3_000 },
  'stored-pages': { by: 'box', everySeconds: 30, ms: 6_000 },
  'renamed-devices': { by: 'box', everySeconds: 20, ms: 10_000 },
} as const satisfies Readonly<Record<string, AttackKind>>;

export type AttackName = keyof typeof ATTACKS;

type NameOf<By extends AttackKind['by']> = {
  [Name in AttackName]: (typeof ATTACKS)[Name]['by'] extends By ? Name : never;
}[AttackName];

export type ClientAttackName = NameOf<'client'>;
export type BoxAttackName = NameOf<'box'>;

// The keys of a constant are its own.
export const ATTACK_NAMES = Object.keys(ATTACKS) as readonly AttackName[];

const isBoxAttack = (name: AttackName): name is BoxAttackName => ATTACKS[name].by === 'box';

export const BOX_ATTACK_NAMES = ATTACK_NAMES.filter(isBoxAttack);

/** One attack of a plan. */
export const attackSchema = z.object({
  name: z.literal(ATTACK_NAMES),
  /** ms since the attacks began. */
  at: z.number(),
  /** How long it lasts at most. */
  ms: z.number(),
  /** Of what it draws. */
  seed: z.number(),
  /** Above 0, up to 1: of the largest numbers of tries. */
  scale: z.number(),
});

export type Attack = z.infer<typeof attackSchema>;
