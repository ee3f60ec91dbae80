import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Coding = 'br' | 'gzip' | 'identity';

/** A file of the page, as it is sent to each browser. */
export interface WallFile {
  readonly contentType: string;
  /** Whether the name tells the content, so that a browser need never ask again. */
  readonly isImmutable: boolean;
  readonly etag: (coding: Coding) => string;
  readonly bodies: Readonly<Record<Coding, Buffer>>;
}

/** The built page, by the paths of its files. Its bytes are shared by all browsers. */
export interface WallFiles {
  has(path: string): boolean;
  /** Compressed when somebody first asks; a file that is not there is an error. */
  get(path: string): Promise<WallFile>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Where the build puts files that have a hash of their content in their names. */
const HASHED = '/assets/';

/**
 * Reads all files below a folder, so that a build under a running gateway does not mix two pages.
 *
 * @returns undefined when there is no page in the folder.
 */
export async function readWallFiles(folder: string): Promise<WallFiles | undefined> {
  const contents = await readFolder(folder);
  if (!contents.has('/')) return undefined;
  const prepared = new Map<string, Promise<WallFile>>();
  return {
    has: (path) => contents.has(path),
    async get(path) {
      const content = contents.get(path);
      if (content === undefined) throw new Error(`the event wall has no file ${path}`);
      const file = prepared.get(path) ?? prepare(path, content);
      prepared.set(path, file);
      return file;
    },
  };
}

async function readFolder(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  if (!existsSync(folder)) return new Map();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const file = join(parentPath, name);
        return [pathOf(relative(folder, file)), await readFile(file)] as const;
      }),
    ),
  );
}

function pathOf(file: string): string {
  const path = `/${file.split(sep).join('/')}`;
  return path === '/index.html' ? '/' : path;
}

async function prepare(path: string, identity: Buffer): Promise<WallFile> {
  const [br, gzipped] = await Promise.all([
    promisify(brotliCompress)(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    promisify(gzip)(identity, { level: 9 }),
  ]);
  const hash = createHash('sha256').update(identity).digest('base64url');
  return {
    contentType: TYPES[extname(path === '/' ? 'index.html' : path)] ?? 'application/octet-stream',
    isImmutable: path.startsWith(HASHED),
    etag: (coding) => `"${hash}-${coding}"`,
    bodies: { br, gzip: gzipped, identity },
  };
}
