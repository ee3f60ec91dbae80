import { hairOf } from './hair.ts';
import type { Look } from './look.ts';
import { el, group, line, oval, path } from './svg.ts';

/** How the head is held. */
export interface Pose {
  /** To the side, -1 (the figure's right) to 1. */
  readonly turn: number;
  /** Degrees. */
  readonly tilt: number;
}

/** The outline of the face: ears at y 0, chin at 80, crown at -90. */
const faceShape = ({ width: w, jaw }: Look['face']): string =>
  `M ${-w},-14 C ${-w - 2},-70 -40,-92 0,-92 C 40,-92 ${w + 2},-70 ${w},-14
   C ${w},26 ${jaw + 6},66 ${jaw * 0.5},76 C ${jaw * 0.25},82 ${-jaw * 0.25},82 ${-jaw * 0.5},76
   C ${-jaw - 6},66 ${-w},26 ${-w},-14 Z`;

const BROWS: Readonly<Record<Look['brows'], { readonly d: string; readonly width: number }>> = {
  soft: { d: 'M -11,1 C -5,-4 6,-4 12,1', width: 4 },
  straight: { d: 'M -12,0 L 12,-2', width: 5 },
  arched: { d: 'M -12,3 C -4,-7 8,-6 13,2', width: 3.5 },
  heavy: { d: 'M -13,1 C -5,-4 7,-4 13,1', width: 7 },
};

const brow = (look: Look, side: number): string => {
  const { d, width } = BROWS[look.brows];
  const colour = look.hair.style === 'headscarf' ? '#33261f' : look.hair.colour.dark;
  return group(
    `translate(${side * look.eyes.apart} -27) scale(${side} 1)`,
    line(d, colour, width, { opacity: 0.9 }),
  );
};

const eye = ({ eyes, skin }: Look, side: number, gaze: number): string =>
  group(
    `translate(${side * eyes.apart} -6) scale(${eyes.size})`,
    path('M -12,1 C -7,-10 7,-10 12,1 C 7,9 -7,9 -12,1 Z', '#fffdf9'),
    oval(gaze * 3, -0.5, 6, 6.6, eyes.iris),
    oval(gaze * 3, -0.5, 3, 3.4, '#14100e'),
    oval(gaze * 3 + 2.2, -3, 1.7, 1.7, '#ffffff'),
    line('M -13,1 C -7,-11 7,-11 13,0', '#2a1d18', 3),
    line('M -9,8 C -4,10.5 4,10.5 9,8', skin.dark, 1.6),
  );

const NOSES: Readonly<Record<Look['nose'], (dark: string) => string>> = {
  button: (dark) => line('M -8,22 C -6,29 6,29 8,22', dark, 3.6),
  long: (dark) => line('M 3,-4 C 6,8 11,19 8,24 C 5,28 -4,27 -7,24', dark, 3.2),
  wide: (dark) => line('M -12,21 C -12,28 -4,29 0,27 C 4,29 12,28 12,21', dark, 3.4),
};

const MOUTHS: Readonly<Record<Look['mouth'], (lip: string) => string>> = {
  smile: (lip) => line('M -19,46 C -10,57 10,57 19,46', lip, 4.4),
  grin: (lip) =>
    path('M -22,43 C -14,64 14,64 22,43 C 10,47 -10,47 -22,43 Z', lip) +
    path('M -18,45 C -12,53 12,53 18,45 C 8,48 -8,48 -18,45 Z', '#fffdf8'),
  calm: (lip) => line('M -15,49 C -6,52 6,52 15,49', lip, 4.4),
  wry: (lip) => line('M -15,50 C -4,55 10,53 19,44', lip, 4.4),
};

const beardOf = ({ beard, hair, face: { width: w, jaw } }: Look): string => {
  const colour = hair.colour.dark;
  const lower = `M ${-w + 1},4 C ${-w + 8},22 -36,30 -24,36 C -10,32 10,32 24,36 C 36,30 ${w - 8},22 ${w - 1},4
    C ${w},30 ${jaw + 7},68 ${jaw * 0.5},79 C ${jaw * 0.25},86 ${-jaw * 0.25},86 ${-jaw * 0.5},79
    C ${-jaw - 7},68 ${-w},30 ${-w + 1},4 Z`;
  switch (beard) {
    case 'none':
      return '';
    case 'stubble':
      return path(lower, colour, { opacity: 0.24 });
    case 'full':
      return path(lower, colour, { opacity: 0.94 });
    case 'moustache':
      return path(
        'M 0,33 C -10,29 -22,34 -27,43 C -16,42 -8,42 0,40 C 8,42 16,42 27,43 C 22,34 10,29 0,33 Z',
        colour,
      );
  }
};

const glassesOf = ({ glasses, eyes }: Look): string => {
  if (glasses === 'none') return '';
  const frame = { fill: '#ffffff', fillOpacity: 0.14, stroke: '#2c2a33', strokeWidth: 3.6 };
  const lens = (side: number): string =>
    glasses === 'round'
      ? el('circle', { cx: side * (eyes.apart + 1), cy: -5, r: 19, ...frame })
      : el('rect', {
          x: side * (eyes.apart + 1) - 20,
          y: -20,
          width: 40,
          height: 30,
          rx: 8,
          ...frame,
        });
  return `${lens(-1)}${lens(1)}${line(`M ${-eyes.apart + 18},-8 C -3,-12 3,-12 ${eyes.apart - 18},-8`, '#2c2a33', 3.4)}`;
};

const ear = ({ skin, face: { width: w } }: Look, side: number): string =>
  oval(side * (w + 1), 2, 11, 17, skin.base) +
  line(`M ${side * (w + 5)},-6 q ${side * 4},8 ${-side * 2},16`, skin.dark, 2.6);

const freckles = (dark: string): string =>
  [
    [-34, 18],
    [-26, 14],
    [-22, 21],
    [34, 18],
    [26, 14],
    [22, 21],
    [-29, 24],
    [29, 24],
  ]
    .map(([x = 0, y = 0]) => oval(x, y, 1.7, 1.7, dark, { opacity: 0.8 }))
    .join('');

/** One head a picture: it brings a clip path of its own.
 *  Neck, head and hair with the ears' middle at the origin; the clothes go between the layers. */
export const headOf = (
  look: Look,
  { turn, tilt }: Pose,
): { readonly behind: string; readonly before: string } => {
  const { skin, face } = look;
  const hair = hairOf(look);
  const held = `rotate(${tilt} 0 60)`;
  const features = turn * 11;
  const far = Math.abs(turn) * 0.12;
  const shape = faceShape(face);
  const ears = look.hair.style === 'headscarf' ? '' : ear(look, -1) + ear(look, 1);
  const neck =
    path('M -27,40 L -27,112 C -18,134 18,134 27,112 L 27,40 Z', skin.base) +
    path('M -27,66 C -12,96 14,96 27,66 L 27,84 C 12,108 -12,108 -27,84 Z', skin.dark, {
      opacity: 0.85,
    });
  return {
    behind: group(held, hair.back) + neck,
    before: group(
      held,
      ears,
      look.earrings
        ? oval(-face.width - 3, 24, 4, 4, '#f2c14e') + oval(face.width + 3, 24, 4, 4, '#f2c14e')
        : '',
      el('clipPath', { id: 'face' }, path(shape, '#000')),
      path(shape, skin.base),
      el(
        'g',
        { clipPath: 'url(#face)' },
        path(
          `M ${face.width * 0.45 + features},-92 C ${face.width + features},-20 ${face.width * 0.7 + features},50 10,90 H 90 V -92 Z`,
          skin.dark,
          { opacity: 0.32 },
        ),
        beardOf(look),
      ),
      group(
        `translate(${features} ${Math.abs(turn) * 1.5}) scale(${1 - far} 1)`,
        oval(-33, 24, 13, 9, skin.blush, { opacity: 0.42 }),
        oval(33, 24, 13, 9, skin.blush, { opacity: 0.42 }),
        look.freckles ? freckles(skin.dark) : '',
        eye(look, -1, turn),
        eye(look, 1, turn),
        brow(look, -1),
        brow(look, 1),
        group(`translate(${turn * 5} 0)`, NOSES[look.nose](skin.dark)),
        look.beard === 'moustache' || look.beard === 'full'
          ? MOUTHS[look.mouth === 'grin' ? 'smile' : look.mouth](
              look.beard === 'full' ? '#e8a79b' : skin.lip,
            )
          : MOUTHS[look.mouth](skin.lip),
        glassesOf(look),
      ),
      hair.front,
    ),
  };
};
