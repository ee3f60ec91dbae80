import { readFile } from 'node:fs/promises';
import { CAST, portraitFile } from './cast.ts';

/** The drawn pictures of one figure, as base64 of JPEG files; "" where there is none. */
export interface Portrait {
  /** As enrolled; `""` for a stranger. */
  readonly registered: string;
  /** The face, cut out of the scene. */
  readonly face: string;
  readonly scene: string;
}

export interface Portraits {
  readonly people: readonly Portrait[];
  readonly strangers: readonly Portrait[];
}

const FOLDER = new URL('../assets/portraits/', import.meta.url);

const load = (name: string): Promise<string> =>
  readFile(new URL(`${name}.jpg`, FOLDER), { encoding: 'base64' });

const loadPortrait = async (who: 'person' | 'stranger', number: number): Promise<Portrait> => {
  const [registered, face, scene] = await Promise.all([
    who === 'person' ? load(portraitFile(who, number, 'registered')) : '',
    load(portraitFile(who, number, 'face')),
    load(portraitFile(who, number, 'scene')),
  ]);
  return { registered, face, scene };
};

const loadAll = (who: 'person' | 'stranger', count: number): Promise<Portrait[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => loadPortrait(who, index + 1)));

let loaded: Promise<Portraits> | undefined;

/** The pictures, read once for all simulators of the process (about 3 MB). */
export const loadPortraits = (): Promise<Portraits> => {
  loaded ??= Promise.all([
    loadAll('person', CAST.people),
    loadAll('stranger', CAST.strangers),
  ]).then(([people, strangers]) => ({ people, strangers }));
  return loaded;
};
