import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, readFileSync } from 'node:fs';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NGINX = '/usr/sbin/nginx';

/** Debian's nginx, installed if we may; else why there is none. */
export function findNginx(): { readonly path: string } | { readonly missing: string } {
  if (isExecutable(NGINX)) return { path: NGINX };
  if (process.getuid?.() !== 0 || !/^ID=debian$/m.test(readIfThere('/etc/os-release'))) {
    return { missing: `there is no ${NGINX}, and only root on Debian could install it` };
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const words = ['-qq', 'install', '--yes', '--no-install-recommends', 'nginx-light'];
  const { status } = spawnSync('apt-get', words, { env, stdio: 'ignore' });
  if (status === 0 && isExecutable(NGINX)) return { path: NGINX };
  return { missing: 'apt-get could not install nginx-light' };
}

/** An nginx that passes everything on, and leaves all it may decide as it comes. */
export async function startNginx(path: string, upstream: string) {
  await using parts = new AsyncDisposableStack();
  const directory = parts.use(await mkdtempDisposable(join(tmpdir(), 'se5-nginx-')));
  const port = await freePort();
  const at = (name: string) => join(directory.path, name);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${at(kind)};`)
    .join(' ');
  await writeFile(
    at('nginx.conf'),
    `daemon off; pid ${at('pid')}; error_log ${at('error.log')};
     events {}
     http {
       access_log off; ${temporary}
       server {
         listen 127.0.0.1:${port};
         location / { proxy_pass ${upstream}; }
       }
     }`,
  );
  const child = spawn(path, ['-c', at('nginx.conf'), '-e', at('error.log')], { stdio: 'ignore' });
  const closed = once(child, 'close');
  parts.defer(async () => {
    child.kill('SIGTERM');
    await closed;
  });
  const url = `http://127.0.0.1:${port}`;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(readIfThere(at('error.log')));
  }
  const running = parts.move();
  return { url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    async (response) => {
      await response.body?.cancel();
      return true;
    },
    () => false,
  );

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('listening on no port');
  return address.port;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
