import { mkdir } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { CAST, portraitFile, roleOf } from '../src/cast.ts';
import { lookOf } from './portraits/look.ts';
import { drawRegistered, drawSighting } from './portraits/pictures.ts';

// Draws the pictures that the simulator shows, as JPEG files that are committed: run it after a
// change of the drawings. The same code draws the same pictures.

const FOLDER = new URL('../assets/portraits/', import.meta.url);

/** The unrest of a camera's sensor, as a layer over the picture. */
const grain = (size: { readonly width: number; readonly height: number }, seed: number): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">
      <filter id="g"><feTurbulence type="fractalNoise" baseFrequency="0.9" numOctaves="2" seed="${seed}"/>
      <feColorMatrix values="0 0 0 0 0.5  0 0 0 0 0.5  0 0 0 0 0.5  0.6 0.6 0.6 0 -0.75"/></filter>
      <radialGradient id="v" r="0.75"><stop offset="0.6" stop-opacity="0"/><stop offset="1" stop-opacity="0.22"/></radialGradient>
      <rect width="100%" height="100%" filter="url(#g)" opacity="0.3"/>
      <rect width="100%" height="100%" fill="url(#v)"/></svg>`,
  );

const write = async (name: string, picture: Sharp, quality: number): Promise<void> => {
  await picture.jpeg({ quality, mozjpeg: true }).toFile(new URL(`${name}.jpg`, FOLDER).pathname);
};

const photograph = async (svg: string, seed: number): Promise<Sharp> => {
  const drawn = sharp(Buffer.from(svg));
  const { width, height } = await drawn.metadata();
  return drawn.blur(0.6).composite([{ input: grain({ width, height }, seed) }]);
};

const draw = async (who: 'person' | 'stranger', number: number): Promise<void> => {
  const role = who === 'stranger' ? 'stranger' : roleOf(number);
  // Beyond the numbers of the people, so that no stranger looks like one of them.
  const seed = who === 'stranger' ? number + CAST.people : number;
  const look = lookOf(role, seed);
  if (who === 'person') {
    const picture = sharp(Buffer.from(drawRegistered(look, seed)));
    await write(portraitFile(who, number, 'registered'), picture, 92);
  }
  const { scene, face } = drawSighting(look, seed);
  await write(portraitFile(who, number, 'face'), await photograph(face, seed), 91);
  await write(portraitFile(who, number, 'scene'), await photograph(scene, seed), 88);
};

await mkdir(FOLDER, { recursive: true });
for (let number = 1; number <= CAST.people; number += 1) await draw('person', number);
for (let number = 1; number <= CAST.strangers; number += 1) await draw('stranger', number);
