import type { Directory } from '../../src/fleet/directory.ts';

/** The directory, with some answers of the test's own. */
export const directoryWith = (directory: Directory, own: Partial<Directory>): Directory =>
  new Proxy(directory, {
    get(target, name) {
      const source = name in own ? own : target;
      const value: unknown = Reflect.get(source, name);
      return typeof value === 'function' ? value.bind(source) : value;
    },
  });

/** The directory, and how many listen to it through this one. */
export function countListeners(directory: Directory): {
  readonly directory: Directory;
  readonly listeners: number;
} {
  let listeners = 0;
  const count = (added: Disposable): Disposable => {
    listeners += 1;
    return {
      [Symbol.dispose]() {
        listeners -= 1;
        added[Symbol.dispose]();
      },
    };
  };
  return {
    directory: directoryWith(directory, {
      onStatus: (listener) => count(directory.onStatus(listener)),
      onDevices: (listener) => count(directory.onDevices(listener)),
    }),
    get listeners() {
      return listeners;
    },
  };
}
