import { Random } from '../../src/random.ts';
import { bustOf, standing } from './body.ts';
import type { Look } from './look.ts';
import { FRAME, sceneOf } from './scene.ts';
import { box, el, group, oval } from './svg.ts';

interface View {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const svg = (view: View, width: number, ...children: readonly string[]): string =>
  el(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height: Math.round((width * view.height) / view.width),
      viewBox: `${view.x} ${view.y} ${view.width} ${view.height}`,
    },
    ...children,
  );

const WALLS = ['#dfe7ee', '#e9e4da', '#d9e5e0', '#e7dfe6', '#dde3f0'];

/** As somebody is enrolled: from the front, before a plain wall. */
export const drawRegistered = (look: Look, number: number): string =>
  svg(
    { x: 0, y: 0, width: 400, height: 400 },
    400,
    box(0, 0, 400, 400, new Random(number, 'wall').pick(WALLS)),
    oval(200, 180, 200, 210, '#ffffff', { opacity: 0.35 }),
    group('translate(200 190) scale(1.34)', bustOf(look, { turn: 0, tilt: 0 })),
  );

/** What a camera sees when somebody passes: the whole scene, and the face cut out of it. */
export const drawSighting = (
  look: Look,
  number: number,
): { readonly scene: string; readonly face: string } => {
  const random = new Random(number, 'sighting');
  const { behind, before, spot, light } = sceneOf(number, random);
  const pose = { turn: random.between(-0.9, 0.9), tilt: random.between(-7, 7) };
  const stride = random.between(-2, 16);
  const world = [
    behind,
    group(`translate(${spot.x} ${spot.y}) scale(${spot.scale})`, standing(look, pose, stride)),
    before,
    box(0, 0, FRAME.width, FRAME.height, light.colour, { opacity: light.strength }),
  ];
  const half = random.between(132, 152) * spot.scale;
  const face = {
    x: spot.x - half + pose.turn * 4,
    y: spot.y - half * 1.02,
    width: 2 * half,
    height: 2 * half,
  };
  return {
    scene: svg({ x: 0, y: 0, ...FRAME }, FRAME.width, ...world),
    face: svg(face, 360, ...world),
  };
};
