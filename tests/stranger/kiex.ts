import { makeInstallation } from '../kiex/installation.ts';
import { cleanUp, type RunningKiex, run, startKiex } from '../kiex/process.ts';

/** KiEX as an operator runs it: one process, one data folder, and the command line beside it. */
export interface Kiex {
  url: string;
  start(): Promise<void>;
  /** Ends it without a word, as a power cut does. */
  kill(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
  /** What it has printed, over all its starts. */
  output(): string;
  /** Runs one command; what it prints as JSON, and how it ended. */
  command(words: string[], input?: string): Promise<Ran>;
}

export interface Ran {
  // biome-ignore lint/suspicious/noExplicitAny: what a script gets from JSON
  json: any;
  code: number | null;
  said: string;
}

/** A new KiEX for these providers; not yet running. */
export async function createKiex(manatal: { url: string; manahookUrl: string }): Promise<Kiex> {
  const installation = await makeInstallation({
    KIEX_SANDBOX: 'off',
    KIEX_MANATAL_URL: manatal.url,
    KIEX_MANAHOOK_URL: manatal.manahookUrl,
    KIEX_ALLOW_INSECURE_PROVIDERS: '1',
    KIEX_POLL_SECONDS: '5',
    KIEX_RESUME_VERIFY_SECONDS: '5',
    // So that twenty students can each have an address of their own.
    KIEX_PROXIES: '1',
    KIEX_LOG: 'json',
  });
  const { url, settings } = installation;
  settings.KIEX_PUBLIC_URL = url;
  const starts: RunningKiex[] = [];
  return {
    url,
    output: () => starts.map((one) => one.said()).join(''),
    async start() {
      starts.push(await startKiex(installation));
    },
    async kill() {
      await starts.at(-1)?.end('SIGKILL');
    },
    stop: cleanUp,
    async command(words, input) {
      const { code, out, err } = await run(words, settings, input);
      return { json: jsonOf(out), code, said: `${out}\n${err}` };
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
