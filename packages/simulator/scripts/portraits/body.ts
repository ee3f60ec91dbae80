import { clothesOf } from './clothes.ts';
import { headOf, type Pose } from './head.ts';
import type { Look } from './look.ts';
import { group, line, oval, path } from './svg.ts';

/** Head and shoulders; ears at y 0, shoulders' lower edge at y 254. */
export const bustOf = (look: Look, pose: Pose): string => {
  const { behind, before } = headOf(look, pose);
  return behind + group('translate(0 -16)', clothesOf(look)) + before;
};

const TROUSERS = ['#2f3542', '#4a4e5c', '#6b5b4d', '#39506b'];

/** The figure from head to shoes; the soles are at y 800. */
export const standing = (look: Look, pose: Pose, stride: number): string => {
  const { base, dark } = look.clothes.colour;
  const trousers = TROUSERS[Math.floor(look.face.width) % TROUSERS.length] ?? '#2f3542';
  const leg = (side: number): string =>
    path(
      `M ${side * 4},420 L ${side * 84},420 L ${side * (62 + stride)},776 L ${side * (18 + stride)},776 Z`,
      trousers,
    ) +
    path(
      `M ${side * (14 + stride)},770 h ${side * 52} c ${side * 20},8 ${side * 30},16 ${side * 28},28 h ${side * -80} Z`,
      '#26242b',
    );
  // Over the shoulders, so that the edge of the bust does not show.
  const arm = (side: number): string =>
    oval(side * 118, 418, 19, 22, look.skin.base) +
    path(
      `M ${side * 84},176 C ${side * 92},250 ${side * 98},330 ${side * 99},408 L ${side * 137},408
       C ${side * 142},330 ${side * 142},200 ${side * 112},150 Z`,
      base,
    ) +
    path(
      `M ${side * 126},176 C ${side * 142},220 ${side * 142},330 ${side * 137},408 L ${side * 122},408
       C ${side * 126},330 ${side * 128},230 ${side * 126},176 Z`,
      dark,
      { opacity: 0.5 },
    ) +
    line(`M ${side * 90},214 C ${side * 96},280 ${side * 98},340 ${side * 99},400`, dark, 2.5, {
      opacity: 0.6,
    });
  return (
    oval(0, 798, 150, 20, '#000', { opacity: 0.2 }) +
    leg(-1) +
    leg(1) +
    path('M -112,230 C -106,300 -102,360 -100,436 H 100 C 102,360 106,300 112,230 Z', base) +
    bustOf(look, pose) +
    arm(-1) +
    arm(1)
  );
};
