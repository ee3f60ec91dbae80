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
