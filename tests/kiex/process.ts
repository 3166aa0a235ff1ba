import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeDataDirs } from './dataFolder.ts';
import type { Installation, Settings } from './installation.ts';
import { until } from './until.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
/** Pages may have to be built first. */
const startSecondsMax = 90;
const endSecondsMax = 20;

type Whom = 'it' | 'group';
type By = 'kiex' | 'npm';

/** KiEX as people start it, in a process group of its own as a terminal gives it. */
export interface KiexProcess {
  /** By the clock of this machine, in milliseconds. */
  startedAt: number;
  /** What it has printed so far, on both outputs. */
  said(): string;
  /** Resolves when it has printed this; fails when it ends before or takes too long. */
  says(words: string | RegExp): Promise<void>;
  /** To the process that was started, or to all of its group as Ctrl-C does. */
  signal(signal: NodeJS.Signals, whom?: Whom): void;
  /** Its exit code when it ends. */
  ended: Promise<number | null>;
  /** Sends the signal, and is the exit code; null also when it had to be killed after 20 seconds. */
  end(signal: NodeJS.Signals, whom?: Whom): Promise<number | null>;
}

export interface RunningKiex extends Installation, KiexProcess {
  /** From the start of the process until it answered that it is ready. */
  readyMilliseconds: number;
}

export interface Answer {
  code: number | null;
  out: string;
  err: string;
  /** What it printed, read as JSON. */
  json<T>(): T;
}

const running = new Set<KiexProcess>();

/**
 * Ends what still runs, databases too, and removes the data folders. For `afterAll`.
 * Fails  when a process that is asked to end does not end well.
 */
export async function cleanUp(): Promise<void> {
  const left = [...running];
  const codes = await Promise.all(left.map((one) => one.end('SIGTERM')));
  removeDataDirs();
  const bad = left.filter((_, index) => codes[index] !== 0);
  if (bad.length > 0) throw new Error(`not ended well: ${bad.map((one) => one.said()).join('\n')}`);
}

// Whatever ends the tests also ends what they started.
process.once('exit', endAtOnce);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, endBy);

// The signal often comes twice, from npm and from the terminal: the second must not cut the end off.
function endBy(signal: NodeJS.Signals): void {
  endAtOnce();
  process.off(signal, endBy);
  process.kill(process.pid, signal);
}

function endAtOnce(): void {
  for (const one of running) one.signal('SIGKILL', 'group');
  removeDataDirs();
}

/** Starts `kiex start` there; resolves when it is ready and has told where everything is. */
export async function startKiex(installation: Installation): Promise<RunningKiex> {
  const { url, settings } = installation;
  const started = launch(['start'], settings, {});
  await started.hears('the answer that it is ready', () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  const readyMilliseconds = Date.now() - started.startedAt;
  await started.says('Ctrl-C');
  return { ...installation, ...started, readyMilliseconds };
}

/** Starts `bin/kiex`, or `npm` with these arguments, and leaves it running. */
export function start(args: string[], settings: Settings, by: By = 'kiex'): KiexProcess {
  return launch(args, settings, { by });
}

/** Runs a command of `bin/kiex` to its end. */
export async function run(args: string[], settings: Settings, input = ''): Promise<Answer> {
  const { ended, printed } = launch(args, settings, { input });
  const code = await ended;
  return { code, ...printed, json: () => JSON.parse(printed.out) };
}

interface Launched extends KiexProcess {
  printed: { out: string; err: string };
  /** Asks for as long as the process lives; a failure tells what it has printed. */
  hears(what: string, ask: () => unknown): Promise<void>;
}

function launch(
  args: string[],
  settings: Settings,
  { by = 'kiex', input = '' }: { by?: By; input?: string },
): Launched {
  const child = spawn(by === 'npm' ? by : path.join(project, 'bin', 'kiex'), args, {
    // KiEX itself from another folder, since that must not matter.
    cwd: by === 'npm' ? project : os.tmpdir(),
    env: environment(settings),
    detached: true,
  });
  child.stdin.on('error', () => undefined); // it ended without reading
  child.stdin.end(input);
  const { printed, said } = listenTo(child);
  const ended = once(child, 'close').then(([code]) => {
    running.delete(one);
    return code as number | null;
  });
  const one: Launched = {
    startedAt: Date.now(),
    printed,
    said,
    async hears(what, ask) {
      const answerOrEnd = async () => {
        const gone = child.exitCode !== null || child.signalCode !== null;
        const answer = await ask();
        if (gone && !answer) throw new Error(`KiEX ended before ${what}`);
        return answer;
      };
      await until(what, answerOrEnd, startSecondsMax).catch((cause: Error) => {
        throw new Error(`${cause.message}\n${said()}`, { cause });
      });
    },
    says: (words) => one.hears(`the words ${words}`, () => said().match(words)),
    signal(signal, whom = 'it') {
      if (whom === 'it') child.kill(signal);
      else if (running.has(one)) process.kill(-child.pid!, signal);
    },
    ended,
    end(signal, whom) {
      one.signal(signal, whom);
      const patience = setTimeout(() => one.signal('SIGKILL', 'group'), endSecondsMax * 1_000);
      return ended.finally(() => clearTimeout(patience));
    },
  };
  running.add(one);
  return one;
}

function listenTo({ stdout, stderr }: ChildProcessWithoutNullStreams) {
  const printed = { out: '', err: '' };
  let said = '';
  for (const [name, stream] of [['out', stdout] as const, ['err', stderr] as const]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
      said += text;
    });
  }
  return { printed, said: () => said };
}

/** Of the machine's own settings only what any program needs: the tests say each that matters. */
function environment(settings: Settings): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, ...settings };
}
