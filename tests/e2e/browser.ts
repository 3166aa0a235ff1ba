import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type LaunchOptions } from 'playwright-core';

/** One way to a browser. Null: it does not exist here. */
export interface Way {
  name: string;
  find(): Promise<LaunchOptions | null>;
}

const isRoot = process.getuid?.() === 0;

const flags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-features=Translate,OptimizationHints,MediaRouter',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  // Chromium refuses its sandbox as root, which is who tests run as in containers.
  ...(isRoot ? ['--no-sandbox'] : []),
];

const onPath = (program: string): Way => ({
  name: program,
  async find() {
    const executablePath = await programOnPath(program);
    return executablePath ? { executablePath } : null;
  },
});

const channel = (name: string): Way => ({
  name: `channel ${name}`,
  find: async () => ({ channel: name }),
});

/** In the order in which they are tried. */
export const ways: Way[] = [
  {
    name: 'CHROME_PATH',
    find: async () =>
      process.env.CHROME_PATH ? { executablePath: process.env.CHROME_PATH } : null,
  },
  onPath('chromium'),
  onPath('chromium-browser'),
  onPath('google-chrome-stable'),
  onPath('google-chrome'),
  channel('chrome'),
  channel('msedge'),
  {
    name: 'installed by playwright',
    find: async () => ((await exists(chromium.executablePath())) ? {} : null),
  },
  { name: 'npm package @sparticuz/chromium', find: fromNpm },
  { name: 'apt-get install chromium', find: fromApt },
];

/**
 * Starts a Chromium without anybody having to install one first.
 *
 * Fails  with everything that was tried; a test without a browser must not pass in silence.
 */
export async function launch(candidates: Way[] = ways): Promise<Browser> {
  const tried: string[] = [];
  for (const way of candidates) {
    try {
      const options = await way.find();
      if (options)
        return await chromium.launch({ ...options, args: [...flags, ...(options.args ?? [])] });
      tried.push(`${way.name}: not here`);
    } catch (error) {
      tried.push(`${way.name}: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  const list = tried.map((line) => `  ${line}`).join('\n');
  throw new Error(`No browser. Install Chromium or set CHROME_PATH. Tried:\n${list}`);
}

/** For linux-x64: a headless shell with the libraries that a bare machine lacks. */
async function fromNpm(): Promise<LaunchOptions | null> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const folder = await unpackedChromium();
  const libraries = [path.join(folder, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH];
  const hasFonts = await exists('/usr/share/fonts');
  return {
    executablePath: path.join(folder, 'chromium'),
    args: ['--no-sandbox', '--headless=shell'],
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: libraries.filter(Boolean).join(':'),
      // Under LANG=C its language is "en-US@posix", at which Intl throws.
      LANG: 'en_US.UTF-8',
      LC_ALL: '',
      ...(hasFonts ? {} : { FONTCONFIG_PATH: path.join(folder, 'fonts') }),
    },
  };
}

/**
 * The folder the package is unpacked in, 2 seconds the first time. It is made under another name and
 * renamed when whole, so that test files that start together never see half a browser.
 */
async function unpackedChromium(): Promise<string> {
  const home = new URL('../', import.meta.resolve('@sparticuz/chromium'));
  const { version } = JSON.parse(await fs.readFile(new URL('package.json', home), 'utf8'));
  const folder = path.join(os.tmpdir(), `kiex-chromium-${version}-${os.userInfo().uid}`);
  if (await exists(folder)) return folder;
  const draft = await fs.mkdtemp(`${folder}.`);
  // The package unpacks into the temporary folder and cannot be told another but by environment.
  await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', unpack, fileURLToPath(new URL('bin/al2023.tar.br', home))],
    { cwd: fileURLToPath(home), env: { ...process.env, TMPDIR: draft } },
  );
  try {
    await fs.rename(draft, folder);
  } catch (error) {
    // Another process was first.
    await fs.rm(draft, { recursive: true });
    if (!(await exists(folder))) throw error;
  }
  return folder;
}

const unpack = `
import chromium, { inflate } from '@sparticuz/chromium';
await chromium.executablePath();
await inflate(process.argv[1]);
`;

async function fromApt(): Promise<LaunchOptions | null> {
  if (!isRoot || !(await programOnPath('apt-get'))) return null;
  const quiet = { stdio: 'ignore', timeout: 300_000 } as const;
  execFileSync('apt-get', ['update', '-qq'], quiet);
  const install = ['install', '-y', '-qq', '--no-install-recommends', 'chromium'];
  execFileSync('apt-get', install, {
    ...quiet,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return { executablePath: '/usr/bin/chromium' };
}

async function programOnPath(program: string): Promise<string | null> {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, program);
    if (folder && (await exists(file))) return file;
  }
  return null;
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
