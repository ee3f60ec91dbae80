import type { Cut, Look } from './look.ts';
import { box, line, oval, path } from './svg.ts';

const BODY = `M -128,270 C -130,188 -112,150 -64,134 C -44,126 -30,118 -26,104 L 26,104
  C 30,118 44,126 64,134 C 112,150 130,188 128,270 Z`;

/** What the cut adds to the plain body. */
const DETAILS: Readonly<Record<Cut, (look: Look) => string>> = {
  crew: ({ skin, clothes }) =>
    path('M -34,108 C -28,140 28,140 34,108 L 26,98 L -26,98 Z', skin.base) +
    line('M -36,112 C -28,144 28,144 36,112', clothes.colour.dark, 7),
  collar: ({ skin, clothes }) =>
    path('M -22,98 L 0,150 L 22,98 Z', skin.base) +
    path('M -30,104 L -40,128 L -10,158 L 0,146 L -24,100 Z', clothes.accent) +
    path('M 30,104 L 40,128 L 10,158 L 0,146 L 24,100 Z', clothes.accent) +
    line('M 0,150 V 268', clothes.colour.dark, 3) +
    [178, 206, 234].map((y) => oval(6, y, 3, 3, clothes.accent)).join(''),
  blazer: ({ skin, clothes }) =>
    path('M -32,104 L -44,170 L 0,252 L 44,170 L 32,104 Z', clothes.accent) +
    path('M -20,98 L 0,140 L 20,98 Z', skin.base) +
    (clothes.accent === '#2b2d42'
      ? ''
      : path('M -7,144 L 7,144 L 12,164 L 0,246 L -12,164 Z', '#8d3b4a')) +
    path('M -30,102 L -60,142 L -44,164 L -58,174 L 0,256 L -38,160 Z', clothes.colour.dark) +
    path('M 30,102 L 60,142 L 44,164 L 58,174 L 0,256 L 38,160 Z', clothes.colour.dark) +
    path('M -22,102 L 0,142 L -12,160 L -34,118 Z', '#ffffff') +
    path('M 22,102 L 0,142 L 12,160 L 34,118 Z', '#ffffff') +
    oval(0, 264, 4, 4, clothes.colour.dark),
  hoodie: ({ skin, clothes }) =>
    path('M -30,102 C -26,132 26,132 30,102 Z', skin.base) +
    path(
      'M -40,100 C -84,126 -60,164 0,166 C 60,164 84,126 40,100 C 50,136 20,148 0,148 C -20,148 -50,136 -40,100 Z',
      clothes.colour.dark,
    ) +
    line('M -20,160 V 206', clothes.accent, 4) +
    line('M 20,160 V 200', clothes.accent, 4),
  turtleneck: ({ clothes }) =>
    path(
      'M -36,134 C -34,112 -32,90 -30,84 H 30 C 32,90 34,112 36,134 C 14,144 -14,144 -36,134 Z',
      clothes.colour.base,
    ) +
    line('M -32,100 C -12,108 12,108 32,100', clothes.colour.dark, 3, { opacity: 0.7 }) +
    line('M -36,134 C -14,144 14,144 36,134', clothes.colour.dark, 4, { opacity: 0.7 }),
  vest: ({ skin }) =>
    path('M -34,108 C -28,136 28,136 34,108 L 26,98 L -26,98 Z', skin.base) +
    path('M -66,134 L -34,118 L -16,270 H -92 C -96,210 -90,160 -66,134 Z', '#f08a24') +
    path('M 66,134 L 34,118 L 16,270 H 92 C 96,210 90,160 66,134 Z', '#f08a24') +
    line('M -92,214 H -22', '#f6f1c9', 13, { strokeLinecap: 'butt' }) +
    line('M 92,214 H 22', '#f6f1c9', 13, { strokeLinecap: 'butt' }) +
    line('M -56,132 L -60,270', '#f6f1c9', 11, { strokeLinecap: 'butt' }) +
    line('M 56,132 L 60,270', '#f6f1c9', 11, { strokeLinecap: 'butt' }),
  knit: ({ skin, clothes }) =>
    path('M -32,106 C -20,152 20,152 32,106 L 24,98 L -24,98 Z', skin.base) +
    line('M -34,110 C -22,158 22,158 34,110', clothes.colour.dark, 9) +
    [176, 200, 224, 248]
      .map((y) =>
        line(
          `M -116,${y + 8} ${Array.from({ length: 12 }, () => 'l 10,-8 l 10,8').join(' ')}`,
          clothes.accent,
          3,
          { opacity: 0.35 },
        ),
      )
      .join(''),
};

/** Shoulders and chest, to be drawn over the neck; `y` 270 is the lower edge. */
export const clothesOf = (look: Look): string =>
  path(BODY, look.clothes.colour.base) +
  path(
    'M 92,160 C 118,180 130,210 128,270 H 96 C 100,230 100,190 92,160 Z',
    look.clothes.colour.dark,
    {
      opacity: 0.55,
    },
  ) +
  path(
    'M -92,160 C -118,180 -130,210 -128,270 H -108 C -108,230 -104,190 -92,160 Z',
    look.clothes.colour.dark,
    {
      opacity: 0.35,
    },
  ) +
  DETAILS[look.clothes.cut](look) +
  (look.lanyard === undefined ? '' : lanyardOf(look.lanyard));

const lanyardOf = (colour: string): string =>
  line('M -44,122 L -2,222', colour, 6) +
  line('M 44,122 L 2,222', colour, 6) +
  box(-19, 220, 38, 48, '#fbfbf8', { rx: 5 }) +
  box(-19, 220, 38, 11, colour, { rx: 3 }) +
  oval(0, 243, 7, 7, '#c9ced6') +
  path('M -11,262 C -9,252 9,252 11,262 Z', '#c9ced6');
