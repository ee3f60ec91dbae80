import type { Random } from '../../src/random.ts';
import { box, el, group, line, oval, path } from './svg.ts';

/** The picture that a camera takes, in its own coordinates. */
export const FRAME = { width: 720, height: 405 } as const;
/** Where the floor begins. */
const HORIZON = 250;

/** A place in two layers, the figure stands between them. */
export interface Scene {
  readonly behind: string;
  readonly before: string;
  /** Where the figure's head is, and how large it is; the feet may be below the picture. */
  readonly spot: { readonly x: number; readonly y: number; readonly scale: number };
  /** The colour that the light gives to everything, and how strongly. */
  readonly light: { readonly colour: string; readonly strength: number };
}

const room = (wall: string, floor: string, shade: string): string =>
  box(0, 0, FRAME.width, HORIZON, wall) +
  box(0, HORIZON, FRAME.width, FRAME.height - HORIZON, floor) +
  box(0, HORIZON - 7, FRAME.width, 7, shade) +
  [-560, -300, -110, 60, 230, 400, 570]
    .map((x) =>
      line(`M ${360 + (x - 5) * 0.45},${HORIZON} L ${360 + x * 1.6},${FRAME.height}`, shade, 1.2, {
        opacity: 0.5,
      }),
    )
    .join('') +
  [272, 308, 360]
    .map((y) => line(`M 0,${y} H ${FRAME.width}`, shade, 1.2, { opacity: 0.5 }))
    .join('');

const ceilingLights = (y: number, glow: string): string =>
  [90, 300, 510]
    .map(
      (x) =>
        box(x, y, 120, 9, glow, { rx: 4 }) + oval(x + 60, y + 14, 96, 26, glow, { opacity: 0.25 }),
    )
    .join('');

const plant = (x: number, y: number, size: number): string =>
  group(
    `translate(${x} ${y}) scale(${size})`,
    oval(0, 2, 30, 6, '#000', { opacity: 0.15 }),
    [-46, -24, 0, 24, 46]
      .map((lean, index) =>
        path(
          `M 0,-44 C ${lean * 0.3},-84 ${lean},-110 ${lean * 1.3},-${126 - Math.abs(lean) * 0.9}
           C ${lean * 1.1},-92 ${lean * 0.7},-64 4,-42 Z`,
          index % 2 ? '#5f9b6d' : '#477d58',
        ),
      )
      .join(''),
    path('M -24,-46 H 24 L 18,0 H -18 Z', '#c97b57'),
    box(-27, -52, 54, 11, '#b76a48', { rx: 3 }),
  );

const picture = (x: number, y: number, colour: string): string =>
  box(x, y, 84, 58, '#f7f4ee', { rx: 2 }) +
  box(x + 6, y + 6, 72, 46, colour) +
  path(`M ${x + 6},${y + 52} l 22,-24 l 16,14 l 14,-20 l 20,30 Z`, '#ffffff', { opacity: 0.5 });

const windowOn = (x: number, width: number, sky: string): string =>
  box(x, 46, width, 150, '#f4f6f7', { rx: 3 }) +
  box(x + 7, 53, width - 14, 136, sky) +
  path(`M ${x + 7},189 v -36 h 22 v -26 h 26 v 40 h 20 v -22 h 24 v 44 Z`, '#8ba3b3', {
    opacity: 0.6,
  }) +
  line(`M ${x + width / 2},53 V 189`, '#f4f6f7', 5);

const pillar = (x: number, arrow: string): string =>
  oval(x + 24, 402, 42, 9, '#000', { opacity: 0.18 }) +
  box(x, 288, 48, 112, '#c9d1d8', { rx: 9 }) +
  box(x, 288, 14, 112, '#b2bdc6', { rx: 7 }) +
  box(x + 6, 280, 36, 16, '#59636e', { rx: 6 }) +
  oval(x + 27, 318, 10, 10, arrow) +
  line(`M ${x + 23},318 h 8 m -4,-4 l 4,4 l -4,4`, '#ffffff', 2.4);

const flap = (x: number, side: number): string =>
  path(
    `M ${x},300 h ${side * 44} q ${side * 10},0 ${side * 10},12 v 60 h ${side * -54} Z`,
    '#bfe3ee',
    {
      opacity: 0.5,
    },
  ) + line(`M ${x},300 h ${side * 44}`, '#ffffff', 2, { opacity: 0.8 });

const gates = (random: Random): Scene => {
  const x = random.between(270, 450);
  const evening = random.chance(0.3);
  return {
    behind:
      room('#d9e2e6', '#b9b3aa', '#a49d93') +
      windowOn(40, 150, evening ? '#5b6f95' : '#bfe0f2') +
      windowOn(214, 150, evening ? '#5b6f95' : '#bfe0f2') +
      ceilingLights(12, '#fffbe8') +
      picture(430, 84, '#d4896a') +
      plant(620, 262, 0.95) +
      plant(30, 262, 0.8),
    before:
      flap(x - 84, 1) +
      flap(x + 84, -1) +
      pillar(x - 132, '#38b27a') +
      pillar(x + 84, '#38b27a') +
      pillar(x - 330, '#d5544f') +
      pillar(x + 284, '#d5544f'),
    spot: { x, y: random.between(98, 112), scale: 0.42 },
    light: evening ? { colour: '#ffb56b', strength: 0.12 } : { colour: '#dff1ff', strength: 0.05 },
  };
};

const reception = (random: Random): Scene => ({
  behind:
    room('#ead9c4', '#8f7a66', '#7a6754') +
    box(390, 34, 250, 122, '#c9a98a', { rx: 4 }) +
    [0, 1, 2, 3, 4, 5, 6].map((n) => line(`M ${408 + n * 36},40 V 150`, '#b3916f', 3)).join('') +
    el('circle', { cx: 300, cy: 80, r: 27, fill: '#ffffff', stroke: '#59463a', strokeWidth: 4 }) +
    line('M 300,80 V 64 M 300,80 L 312,86', '#59463a', 3) +
    [450, 520, 590]
      .map(
        (x) =>
          line(`M ${x},0 V 40`, '#59463a', 2) +
          path(`M ${x - 18},58 q 18,-34 36,0 Z`, '#f0b84f') +
          oval(x, 62, 44, 20, '#fff3c9', { opacity: 0.4 }),
      )
      .join('') +
    box(400, 206, 320, 96, '#6e4f3a', { rx: 6 }) +
    box(390, 196, 340, 15, '#f3ece2', { rx: 5 }) +
    box(590, 158, 60, 40, '#3b4250', { rx: 4 }) +
    box(614, 196, 12, 4, '#3b4250') +
    picture(70, 66, '#7fa5a0') +
    plant(60, 268, 0.9),
  before: '',
  spot: {
    x: random.between(200, 320),
    y: random.between(96, 116),
    scale: random.between(0.46, 0.56),
  },
  light: { colour: '#ffcf8c', strength: 0.08 },
});

const door = (random: Random): Scene => ({
  behind:
    room('#cfd8d2', '#9aa39d', '#88918b') +
    ceilingLights(10, '#f5fffb') +
    box(236, 20, 226, 240, '#7f8d88', { rx: 4 }) +
    box(246, 30, 206, 230, '#5e7a83') +
    box(268, 52, 76, 140, '#a9cbd4', { opacity: 0.8 }) +
    box(356, 52, 76, 140, '#a9cbd4', { opacity: 0.8 }) +
    line('M 349,30 V 260', '#4d656d', 3) +
    box(332, 150, 6, 44, '#dfe6e8', { rx: 3 }) +
    box(362, 150, 6, 44, '#dfe6e8', { rx: 3 }) +
    box(490, 118, 40, 66, '#2d333c', { rx: 7 }) +
    box(497, 126, 26, 30, '#7fd1b9', { rx: 3 }) +
    oval(510, 170, 5, 5, '#4be08d') +
    box(560, 70, 108, 60, '#f6f7f4', { rx: 3 }) +
    line('M 574,88 H 650 M 574,102 H 640 M 574,116 H 620', '#9aa6a1', 5) +
    plant(110, 264, 0.85),
  before: '',
  spot: {
    x: random.between(310, 400),
    y: random.between(96, 118),
    scale: random.between(0.5, 0.62),
  },
  light: { colour: '#c9fff0', strength: 0.05 },
});

const entrance = (random: Random): Scene => {
  const rain = random.chance(0.3);
  return {
    behind:
      room(rain ? '#a9b7c2' : '#bfe3f5', '#a8adb2', '#8f959b') +
      (rain ? '' : oval(600, 60, 34, 34, '#fff4c2')) +
      [70, 190, 560, 680]
        .map(
          (x) =>
            box(x - 7, 160, 14, 90, '#8a6a4f') +
            oval(x, 132, 52, 60, '#79ad7d') +
            oval(x + 16, 120, 30, 36, '#8fbf8c'),
        )
        .join('') +
      box(0, 0, FRAME.width, 26, '#5d6770') +
      [0, 176, 352, 528, 712].map((x) => box(x, 0, 10, 262, '#5d6770')).join('') +
      [14, 190, 366, 542]
        .map((x) => path(`M ${x + 26},26 h 44 l -70,230 h -40 Z`, '#ffffff', { opacity: 0.16 }))
        .join('') +
      (rain
        ? Array.from({ length: 40 }, () =>
            line(`M ${random.between(0, 720)},${random.between(30, 220)} l -4,16`, '#e8f1f6', 1.6, {
              opacity: 0.7,
            }),
          ).join('')
        : ''),
    before: '',
    spot: {
      x: random.between(280, 450),
      y: random.between(92, 112),
      scale: random.between(0.44, 0.56),
    },
    light: rain ? { colour: '#8fa8c4', strength: 0.1 } : { colour: '#fff0c4', strength: 0.07 },
  };
};

const garage = (random: Random): Scene => ({
  behind:
    room('#8f959c', '#70757c', '#5f646b') +
    box(0, 0, FRAME.width, 34, '#767c84') +
    ceilingLights(34, '#f3fbff') +
    [30, 610]
      .map(
        (x) =>
          box(x, 34, 74, 226, '#a4abb2') +
          box(x, 150, 74, 70, '#e9b93e') +
          box(x, 150, 74, 8, '#2f333a') +
          box(x, 212, 74, 8, '#2f333a'),
      )
      .join('') +
    line('M 48,202 V 168 h 8 a 9,9 0 0 1 0,18 h -8', '#2f333a', 6) +
    line('M 74,176 a 8,8 0 0 1 16,0 q 0,6 -16,26 h 17', '#2f333a', 6) +
    group(
      'translate(440 252)',
      oval(70, 14, 96, 10, '#000', { opacity: 0.25 }),
      path(
        'M -20,8 V -24 q 4,-12 26,-14 l 22,-26 q 6,-6 16,-6 h 48 q 10,0 16,8 l 20,26 q 30,4 32,18 v 18 Z',
        '#b8504a',
      ),
      path(
        'M 34,-40 l 16,-20 q 4,-4 10,-4 h 14 v 24 Z M 82,-40 v -24 h 14 q 8,0 12,6 l 12,18 Z',
        '#d7e7ee',
      ),
      oval(14, 8, 17, 17, '#26282d'),
      oval(126, 8, 17, 17, '#26282d'),
      oval(14, 8, 7, 7, '#aeb5bb'),
      oval(126, 8, 7, 7, '#aeb5bb'),
    ) +
    line('M 160,405 L 250,262', '#f2efe6', 5, { opacity: 0.8 }) +
    line('M 560,405 L 430,262', '#f2efe6', 5, { opacity: 0.8 }),
  before: '',
  spot: {
    x: random.between(240, 380),
    y: random.between(98, 116),
    scale: random.between(0.46, 0.56),
  },
  light: { colour: '#7fa3d0', strength: 0.1 },
});

const PLACES = [gates, reception, door, entrance, garage, gates];

export const sceneOf = (number: number, random: Random): Scene => {
  const place = PLACES[number % PLACES.length] ?? gates;
  return place(random);
};
