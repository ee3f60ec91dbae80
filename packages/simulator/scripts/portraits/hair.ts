import type { HairStyle, Look } from './look.ts';
import { line, oval, path } from './svg.ts';

/** Hair in two layers: what is behind the head, and what lies on it. */
interface Layers {
  readonly back: string;
  readonly front: string;
}

type Draw = (w: number, base: string, dark: string) => Layers;

/** The skull-cap that most styles share; `low` is where it ends at the temples. */
const cap = (w: number, colour: string, low = -8, top = -100): string =>
  path(
    `M ${-w - 4},${low} C ${-w - 9},${top * 0.72} ${-w * 0.6},${top} 2,${top}
     C ${w * 0.7},${top} ${w + 9},${top * 0.7} ${w + 4},${low}
     L ${w - 4},${low - 14} C ${w - 6},-46 ${w * 0.5},-60 0,-60
     C ${-w * 0.5},-60 ${-w + 6},-46 ${-w + 4},${low - 14} Z`,
    colour,
  );

/** Hair drawn back from the forehead. */
const parted = (w: number, colour: string): string =>
  path(
    `M ${-w - 4},0 C ${-w - 12},-70 -46,-102 0,-102 C 46,-102 ${w + 12},-70 ${w + 4},0
     C ${w - 2},-34 34,-66 0,-72 C -34,-66 ${-w + 2},-34 ${-w - 4},0 Z`,
    colour,
  );

const STYLES: Readonly<Record<HairStyle, Draw>> = {
  short: (w, base, dark) => ({
    back: '',
    front:
      path(
        `M ${-w - 4},-6 C ${-w - 10},-70 -44,-101 4,-100 C 52,-99 ${w + 10},-66 ${w + 4},-6
         L ${w - 4},-22 C ${w - 4},-44 40,-50 22,-66 C 6,-50 -24,-46 -40,-54 C ${-w + 10},-46 ${-w + 6},-34 ${-w + 4},-22 Z`,
        base,
      ) + line('M -30,-84 C -14,-92 14,-93 32,-84', dark, 3, { opacity: 0.4 }),
  }),
  'side-part': (w, base, dark) => ({
    back: '',
    front:
      path(
        `M ${-w - 3},-4 C ${-w - 12},-66 -50,-98 -6,-102 C 46,-106 ${w + 14},-64 ${w + 3},-4
         L ${w - 4},-24 C ${w - 2},-44 ${w - 14},-56 30,-62 C -4,-60 -24,-66 -32,-80 C -34,-62 ${-w + 6},-46 ${-w + 4},-24 Z`,
        base,
      ) + line('M -32,-80 C -26,-92 -14,-98 0,-100', dark, 3, { opacity: 0.55 }),
  }),
  buzz: (w, base) => ({
    back: '',
    front: path(
      `M ${-w - 1},-16 C ${-w - 4},-62 -40,-91 0,-91 C 40,-91 ${w + 4},-62 ${w + 1},-16
       C ${w - 6},-40 40,-58 0,-60 C -40,-58 ${-w + 6},-40 ${-w - 1},-16 Z`,
      base,
      { opacity: 0.82 },
    ),
  }),
  curls: (w, base, dark) => {
    const spots: readonly (readonly [number, number, number])[] = [
      [-w + 2, -44, 20],
      [-w + 12, -72, 23],
      [-22, -90, 25],
      [10, -96, 25],
      [38, -84, 24],
      [w - 4, -60, 21],
      [w + 1, -34, 15],
      [-34, -64, 18],
      [0, -70, 20],
      [30, -62, 17],
      [-w - 1, -24, 12],
    ];
    return {
      back: '',
      front:
        spots.map(([x, y, r]) => oval(x, y, r, r, base)).join('') +
        spots
          .slice(0, 7)
          .map(([x, y, r]) =>
            line(`M ${x - r / 2.4},${y} q ${r / 2.4},${-r / 1.6} ${r / 1.3},0`, dark, 2.5, {
              opacity: 0.45,
            }),
          )
          .join(''),
    };
  },
  quiff: (w, base, dark) => ({
    back: '',
    front:
      path(
        `M ${-w - 3},-8 C ${-w - 8},-54 -54,-84 -44,-96 C -26,-120 40,-124 56,-100
         C ${w + 10},-82 ${w + 8},-50 ${w + 3},-8 L ${w - 4},-28 C ${w - 4},-48 46,-60 34,-66
         C 8,-58 -22,-60 -38,-68 C ${-w + 8},-56 ${-w + 5},-44 ${-w + 4},-28 Z`,
        base,
      ) + line('M -30,-84 C -8,-104 24,-106 44,-92', dark, 3, { opacity: 0.45 }),
  }),
  bald: (w) => ({
    back: '',
    front: line(`M ${w * 0.15},-78 C ${w * 0.45},-76 ${w * 0.66},-62 ${w * 0.74},-48`, '#fff', 7, {
      opacity: 0.22,
    }),
  }),
  receding: (w, base) => ({
    back: '',
    front:
      path(
        `M ${-w - 4},4 C ${-w - 12},-36 ${-w},-66 ${-w + 20},-76 C ${-w + 14},-56 ${-w + 8},-38 ${-w + 4},-14 Z`,
        base,
      ) +
      path(
        `M ${w + 4},4 C ${w + 12},-36 ${w},-66 ${w - 20},-76 C ${w - 14},-56 ${w - 8},-38 ${w - 4},-14 Z`,
        base,
      ) +
      path('M -36,-78 C -22,-96 22,-96 36,-78 C 20,-86 -20,-86 -36,-78 Z', base),
  }),
  swept: (w, base, dark) => ({
    back: path(
      `M ${-w - 8},-10 C ${-w - 10},30 ${-w},44 ${-w + 12},52 L ${w - 12},52 C ${w},44 ${w + 10},30 ${w + 8},-10 Z`,
      dark,
    ),
    front: path(
      `M ${-w - 6},14 C ${-w - 16},-64 -46,-104 6,-102 C 56,-100 ${w + 16},-60 ${w + 6},14
       C ${w + 2},-20 ${w - 6},-40 ${w - 14},-52 C 24,-80 -6,-82 -20,-78 C -44,-66 ${-w + 4},-40 ${-w - 6},14 Z`,
      base,
    ),
  }),
  cap: (w, base, dark) => ({
    back: '',
    front:
      path(
        `M ${-w - 5},-34 C ${-w - 6},-84 -40,-108 0,-108 C 40,-108 ${w + 6},-84 ${w + 5},-34 Z`,
        base,
      ) +
      path(
        `M ${-w - 6},-38 C -40,-58 40,-58 ${w + 6},-38 C ${w + 18},-26 ${w + 10},-20 ${w - 2},-26
         C 34,-40 -34,-40 ${-w + 2},-26 C ${-w - 10},-20 ${-w - 18},-26 ${-w - 6},-38 Z`,
        dark,
      ) +
      oval(0, -107, 6, 4, dark),
  }),
  bob: (w, base, dark) => ({
    back: path(
      `M ${-w - 16},50 C ${-w - 26},-60 -60,-108 0,-108 C 60,-108 ${w + 26},-60 ${w + 16},50
       C ${w + 10},66 ${w - 14},66 ${w - 18},54 L ${-w + 18},54 C ${-w + 14},66 ${-w - 10},66 ${-w - 16},50 Z`,
      dark,
    ),
    front:
      path(
        `M ${-w - 12},30 C ${-w - 22},-64 -48,-106 0,-105 C 48,-106 ${w + 22},-64 ${w + 12},30
         C ${w + 2},16 ${w - 2},-10 ${w - 6},-34 C 30,-40 -30,-40 ${-w + 6},-34 C ${-w + 2},-10 ${-w - 2},16 ${-w - 12},30 Z`,
        base,
      ) + line('M -34,-82 C -14,-94 16,-94 36,-82', '#fff', 5, { opacity: 0.13 }),
  }),
  long: (w, base, dark) => ({
    back: path(
      `M ${-w - 14},150 C ${-w - 34},40 ${-w - 30},-106 0,-106 C ${w + 30},-106 ${w + 34},40 ${w + 14},150
       C ${w - 20},164 ${-w + 20},164 ${-w - 14},150 Z`,
      dark,
    ),
    front: path(
      `M 0,-88 C -28,-78 ${-w + 4},-52 ${-w + 1},-6 C ${-w - 2},40 ${-w - 6},90 ${-w - 18},128
       C ${-w - 34},30 ${-w - 26},-100 2,-104 C ${w + 26},-100 ${w + 34},30 ${w + 18},128
       C ${w + 6},90 ${w + 2},40 ${w - 1},-6 C ${w - 4},-52 28,-78 0,-88 Z`,
      base,
    ),
  }),
  bun: (w, base, dark) => ({
    back: oval(4, -112, 30, 27, dark),
    front:
      oval(4, -113, 27, 23, base) +
      line('M -10,-118 q 14,-12 28,0', dark, 2.5, { opacity: 0.6 }) +
      parted(w, base),
  }),
  ponytail: (w, base, dark) => ({
    back: path(
      `M 24,-92 C 74,-110 ${w + 46},-64 ${w + 34},0 C ${w + 28},44 ${w + 34},84 ${w + 10},122
       C ${w - 10},96 ${w + 4},30 ${w - 2},-30 Z`,
      dark,
    ),
    front: parted(w, base) + line('M 20,-96 C 40,-92 54,-78 60,-62', dark, 3, { opacity: 0.5 }),
  }),
  wavy: (w, base, dark) => ({
    back: path(
      `M ${-w - 20},104 C ${-w - 44},84 ${-w - 12},50 ${-w - 30},24 C ${-w - 44},-20 -70,-108 0,-108
       C 70,-108 ${w + 44},-20 ${w + 30},24 C ${w + 12},50 ${w + 44},84 ${w + 20},104
       C ${w},118 ${-w},118 ${-w - 20},104 Z`,
      dark,
    ),
    front: path(
      `M -26,-84 C ${-w + 8},-62 ${-w + 4},-30 ${-w - 2},0 C ${-w + 2},24 ${-w - 12},40 ${-w - 8},74
       C ${-w - 40},60 ${-w - 12},34 ${-w - 26},10 C ${-w - 34},-50 -52,-106 0,-106
       C 52,-106 ${w + 34},-50 ${w + 26},10 C ${w + 12},34 ${w + 40},60 ${w + 8},74
       C ${w + 12},40 ${w - 2},24 ${w + 2},0 C ${w},-40 20,-58 -26,-84 Z`,
      base,
    ),
  }),
  afro: (w, base, dark) => {
    const ring = Array.from({ length: 13 }, (_, index) => {
      const angle = Math.PI * (0.93 + (index / 12) * 1.14);
      return oval(Math.cos(angle) * (w + 26), -34 + Math.sin(angle) * 76, 30, 30, dark);
    });
    return {
      back: ring.join('') + oval(0, -40, w + 28, 74, dark),
      front: path(
        `M ${-w - 8},-4 C ${-w - 30},-70 -56,-112 0,-112 C 56,-112 ${w + 30},-70 ${w + 8},-4
         C ${w - 2},-36 36,-60 0,-61 C -36,-60 ${-w + 2},-36 ${-w - 8},-4 Z`,
        base,
      ),
    };
  },
  braids: (w, base, dark) => {
    const braid = (side: number): string =>
      Array.from({ length: 7 }, (_, index) =>
        oval(
          side * (w + 10 - index * 1.5),
          26 + index * 19,
          13 - index * 0.6,
          12,
          index % 2 ? base : dark,
        ),
      ).join('');
    return {
      back: cap(w + 6, dark, 30, -104),
      front: `${parted(w, base)}${line('M 0,-102 L 0,-72', dark, 2.5, { opacity: 0.6 })}${braid(-1)}${braid(1)}`,
    };
  },
  headscarf: (w, base, dark) => ({
    back: path(
      `M ${-w - 22},120 C ${-w - 30},-60 -60,-112 0,-112 C 60,-112 ${w + 30},-60 ${w + 22},120
       C 40,150 -40,150 ${-w - 22},120 Z`,
      dark,
    ),
    front:
      holed(
        `M 0,-112 C -58,-112 ${-w - 20},-62 ${-w - 16},10 C ${-w - 14},70 -46,118 4,126
         C 52,116 ${w + 14},70 ${w + 16},10 C ${w + 20},-62 58,-112 0,-112 Z
         M 0,-66 C 34,-64 ${w - 4},-40 ${w - 4},2 C ${w - 5},46 30,80 0,80
         C -30,80 ${-w + 5},46 ${-w + 4},2 C ${-w + 4},-40 -34,-64 0,-66 Z`,
        base,
      ) +
      line(`M ${-w - 4},40 C -40,92 10,108 44,104`, dark, 3, { opacity: 0.6 }) +
      line(`M -24,-96 C 6,-104 34,-94 ${w - 8},-70`, dark, 3, { opacity: 0.35 }),
  }),
  pixie: (w, base, dark) => ({
    back: cap(w + 2, dark, 20, -98),
    front: path(
      `M ${-w - 5},16 C ${-w - 14},-66 -50,-104 4,-103 C 54,-102 ${w + 14},-62 ${w + 5},16
       C ${w},-4 ${w - 2},-24 ${w - 8},-40 C 34,-34 2,-44 -18,-66 C -26,-44 ${-w + 6},-34 ${-w + 3},-20
       C ${-w},-6 ${-w},2 ${-w - 5},16 Z`,
      base,
    ),
  }),
};

/** A shape with a hole in it. */
const holed = (d: string, fill: string): string => path(d, fill, { fillRule: 'evenodd' });

export const hairOf = ({ hair, hat, face }: Look): Layers => {
  const { base, dark } = hair.style === 'cap' || hair.style === 'headscarf' ? hat : hair.colour;
  return STYLES[hair.style](face.width, base, dark);
};
