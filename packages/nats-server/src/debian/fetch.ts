import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempDisposableSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addToCache, cacheFolder } from '../cache.ts';
import { versionOf } from '../find.ts';
import { isNewEnough } from '../version.ts';
import { debianMirror, type SourcesFile } from './mirror.ts';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const DEFAULT_MIRROR = 'http://deb.debian.org/debian';
/** Debian 13 and older releases have a server that is too old. */
const SUITES = ['sid', 'testing'];

/**
 * Fetches Debian's newest nats-server into the cache and returns its path. apt checks it against
 * Debian's keyring. Changes nothing of the system and needs no root. Undefined on other systems
 * than Debian, and when the download fails; stderr then says why.
 */
export function fetchFromDebian(): string | undefined {
  const codename = debianRelease();
  if (codename === undefined) return undefined;
  console.error("No nats-server here: fetching Debian's");
  for (const mirror of new Set([machinesMirror(codename) ?? DEFAULT_MIRROR, DEFAULT_MIRROR])) {
    for (const suite of SUITES) {
      const path = fetchFrom(mirror, suite);
      if (path !== undefined) return path;
    }
  }
  return undefined;
}

/** E.g. `bookworm`; undefined where apt can't check Debian's signatures. */
function debianRelease(): string | undefined {
  if (process.platform !== 'linux' || !existsSync(KEYRING)) return undefined;
  const release = readFileSync('/etc/os-release', 'utf8');
  return /^ID=debian$/m.test(release)
    ? (/^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1] ?? 'sid')
    : undefined;
}

/** Some machines reach no other mirror. */
function machinesMirror(codename: string): string | undefined {
  const files = globSync('/etc/apt/{sources.list,sources.list.d/*.{list,sources}}');
  return debianMirror(files.flatMap(readSources), codename);
}

/** None when only root may read the file. */
function readSources(name: string): SourcesFile[] {
  try {
    return [{ name, text: readFileSync(name, 'utf8') }];
  } catch {
    return [];
  }
}

function fetchFrom(mirror: string, suite: string): string | undefined {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'nats-server-'));
  const config = writeAptConfig(folder.path, mirror, suite);
  const isUnpacked =
    run(folder.path, 'apt-get', '-q', '-c', config, 'update') &&
    run(folder.path, 'apt-get', '-q', '-c', config, 'download', 'nats-server') &&
    globSync('*.deb', { cwd: folder.path }).every((deb) =>
      run(folder.path, 'dpkg', '-x', deb, '.'),
    );
  const executable = join(folder.path, 'usr/sbin/nats-server');
  const version = isUnpacked ? versionOf(executable) : undefined;
  if (version === undefined || !isNewEnough(version)) return undefined;
  return addToCache(cacheFolder(process.env), executable, version);
}

/** Keeps the settings of the machine, such as its proxy, and replaces its folders and sources. */
function writeAptConfig(folder: string, mirror: string, suite: string): string {
  // As root, apt downloads as the user _apt, which needs access.
  chmodSync(folder, 0o755);
  for (const name of ['lists/partial', 'cache/archives/partial', 'none']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  const sources = join(folder, 'sources.list');
  const line = `deb [signed-by=${KEYRING} target=Packages] ${mirror} ${suite} main\n`;
  writeFileSync(sources, line, { mode: 0o600 });
  const config = join(folder, 'apt.conf');
  writeFileSync(
    config,
    `// Container images have hooks that delete the packages which another apt-get is downloading.
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Default-Release;
// A suite that can't be downloaded is an error, not a warning.
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Dir::Etc::SourceList "${sources}";
Dir::Etc::SourceParts "-";
Dir::Etc::Preferences "-";
Dir::Etc::PreferencesParts "${folder}/none";
Dir::State::Lists "${folder}/lists";
Dir::Cache "${folder}/cache";
`,
  );
  return config;
}

/** Prints one line of what a program says when it fails. */
function run(cwd: string, program: string, ...args: string[]): boolean {
  const { status, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status === 0) return true;
  const said = /^E: .*/m.exec(stderr ?? '')?.[0] ?? stderr;
  console.error(`${program} failed: ${error?.message ?? said}`);
  return false;
}
