import type { Role } from '../../src/cast.ts';
import { Random } from '../../src/random.ts';

/** How one drawn figure looks; the same in each of its pictures. */
export interface Look {
  readonly skin: Skin;
  readonly hair: { readonly style: HairStyle; readonly colour: Tone };
  /** Of a cap or a headscarf, where the style has one. */
  readonly hat: Tone;
  /** Half the width of the face at the ears, and of the jaw. */
  readonly face: { readonly width: number; readonly jaw: number };
  readonly eyes: { readonly apart: number; readonly size: number; readonly iris: string };
  readonly brows: 'soft' | 'straight' | 'arched' | 'heavy';
  readonly nose: 'button' | 'long' | 'wide';
  readonly mouth: 'smile' | 'grin' | 'calm' | 'wry';
  readonly glasses: 'none' | 'round' | 'square';
  readonly beard: 'none' | 'stubble' | 'full' | 'moustache';
  readonly earrings: boolean;
  readonly freckles: boolean;
  readonly clothes: { readonly cut: Cut; readonly colour: Tone; readonly accent: string };
  /** A strap around the neck with a card, in this colour. */
  readonly lanyard: string | undefined;
}

interface Tone {
  readonly base: string;
  readonly dark: string;
}

interface Skin extends Tone {
  readonly blush: string;
  readonly lip: string;
}

export type HairStyle = (typeof LONGER)[number] | (typeof SHORTER)[number];
export type Cut = 'crew' | 'collar' | 'blazer' | 'hoodie' | 'turtleneck' | 'vest' | 'knit';

const SKINS: readonly Skin[] = [
  { base: '#fbdcc8', dark: '#eab99c', blush: '#f29a8b', lip: '#cf6f69' },
  { base: '#f5cfae', dark: '#dfa981', blush: '#ec8f74', lip: '#c26258' },
  { base: '#eabb90', dark: '#cf9867', blush: '#df8060', lip: '#b3564a' },
  { base: '#d9a273', dark: '#b97f50', blush: '#cb6c4c', lip: '#a04b3f' },
  { base: '#bd8455', dark: '#98653c', blush: '#ad573a', lip: '#8c4036' },
  { base: '#a56d44', dark: '#7d4c2b', blush: '#9a4a33', lip: '#73302c' },
  { base: '#875537', dark: '#5f371f', blush: '#853f2e', lip: '#5c2526' },
  { base: '#6f442c', dark: '#492917', blush: '#743529', lip: '#471c1f' },
];

const HAIRS: readonly Tone[] = [
  { base: '#24201f', dark: '#131111' },
  { base: '#3b2a22', dark: '#251913' },
  { base: '#5a3a27', dark: '#3f2718' },
  { base: '#8a5a36', dark: '#6a4226' },
  { base: '#b5533c', dark: '#8e3c2a' },
  { base: '#d9a957', dark: '#b98639' },
  { base: '#9c9a98', dark: '#7b7977' },
  { base: '#e4e0da', dark: '#c2bdb5' },
];

const FABRICS: readonly Tone[] = [
  { base: '#2f6f8f', dark: '#245670' },
  { base: '#e07a5f', dark: '#bf5d44' },
  { base: '#3d405b', dark: '#2c2f45' },
  { base: '#81b29a', dark: '#63957c' },
  { base: '#f2b84b', dark: '#d3982b' },
  { base: '#8d5b8c', dark: '#704470' },
  { base: '#c8d5e3', dark: '#a6b7c9' },
  { base: '#57606f', dark: '#414853' },
  { base: '#b23a48', dark: '#8c2b37' },
  { base: '#f0e6d6', dark: '#d5c7b1' },
  { base: '#4c8577', dark: '#386559' },
  { base: '#e8a0a8', dark: '#cd7f89' },
];

const HATS: readonly Tone[] = [
  { base: '#4f7d8c', dark: '#3b626f' },
  { base: '#a45c6c', dark: '#834553' },
  { base: '#d8c3a5', dark: '#b8a282' },
  { base: '#44546a', dark: '#323f50' },
];

const LONGER = [
  'bob',
  'long',
  'bun',
  'ponytail',
  'wavy',
  'afro',
  'braids',
  'headscarf',
  'pixie',
] as const;
const SHORTER = [
  'short',
  'side-part',
  'buzz',
  'curls',
  'quiff',
  'bald',
  'receding',
  'swept',
  'cap',
] as const;

const IRISES = ['#3a2a20', '#2b1f19', '#4a3527', '#3f5d4a', '#3d6a8a'];
const ACCENTS = ['#fdfdfb', '#f2e9dc', '#dfe9f2', '#2b2d42'];

/** Somebody of the cast, or a stranger. */
type Character = Role | 'stranger';

const CUTS: Readonly<Record<Character, readonly Cut[]>> = {
  employee: ['crew', 'collar', 'knit', 'hoodie', 'vest', 'blazer'],
  visitor: ['collar', 'hoodie', 'knit', 'crew'],
  vip: ['blazer', 'turtleneck'],
  barred: ['crew', 'collar', 'knit', 'turtleneck'],
  stranger: ['hoodie', 'crew', 'turtleneck', 'knit', 'collar'],
};

const LANYARDS: Readonly<Record<Character, string | undefined>> = {
  employee: '#2f7ec2',
  visitor: '#e0762f',
  vip: undefined,
  barred: undefined,
  stranger: undefined,
};

/** Skin, hair and age are spread evenly over the numbers, so that no role has a look of its own. */
export const lookOf = (role: Character, number: number): Look => {
  const random = new Random(number * 7919, 'look');
  const at = <T>(list: readonly T[], step: number): T => {
    const found = list[(number * step + Math.floor(number / list.length)) % list.length];
    return found ?? random.pick(list);
  };
  const longer = number % 2 === 0;
  const style: HairStyle = longer ? at(LONGER, 5) : at(SHORTER, 4);
  const skin = at(SKINS, 3);
  const deep = SKINS.indexOf(skin) >= 3;
  const natural = HAIRS.slice(0, deep ? 3 : 6);
  const grey = random.chance(0.16);
  const bearded = !longer && random.chance(0.5);
  return {
    skin,
    hair: { style, colour: random.pick(grey ? HAIRS.slice(6) : natural) },
    hat: random.pick(HATS),
    face: longer
      ? { width: random.between(54, 60), jaw: random.between(30, 38) }
      : { width: random.between(56, 63), jaw: random.between(38, 48) },
    eyes: {
      apart: random.between(22, 26),
      size: random.between(0.92, 1.12),
      iris: deep ? '#2b1f19' : random.pick(IRISES),
    },
    brows: longer ? random.pick(['soft', 'arched']) : random.pick(['soft', 'straight', 'heavy']),
    nose: random.pick(['button', 'long', 'wide']),
    mouth: random.pick(['smile', 'smile', 'grin', 'calm', 'wry']),
    glasses: random.pick(['none', 'none', 'none', 'round', 'square']),
    beard: bearded ? random.pick(['stubble', 'full', 'moustache']) : 'none',
    earrings: longer && style !== 'headscarf' && random.chance(0.5),
    freckles: !deep && random.chance(0.2),
    clothes: {
      cut: random.pick(CUTS[role]),
      colour: at(FABRICS, 7),
      accent: random.pick(ACCENTS),
    },
    lanyard: LANYARDS[role],
  };
};
