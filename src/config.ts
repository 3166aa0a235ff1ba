import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readKey } from '#src/platform/vault.ts';
import { address, flag, port, seconds } from './configValues.ts';

/** One thing that is wrong with the settings, in words for the person who starts KiEX. */
export interface ConfigProblem {
  setting: string;
  wrong: string;
  remedy: string;
}

type Environment = Record<string, string | undefined>;
export type Config = ReturnType<typeof assemble>;
export type ConfigOutcome = { ok: true; config: Config } | { ok: false; problems: ConfigProblem[] };

const manatalHost = 'https://api.manatal.com';
const manahookHost = 'https://manahook.api.manatal.com';
const wixHost = 'https://www.wixapis.com';

const Settings = z.object({
  /** Where pages, webhooks and files are served. 3000 is what people expect of a Node server. */
  PORT: port(3000),

  /**
   * The network address to listen on. Loopback by default: KiEX speaks plain HTTP and belongs
   * behind a proxy that adds TLS; whoever wants it reachable (a container: 0.0.0.0) says so.
   * Not plain HOST: some shells set that to the machine's own name.
   */
  KIEX_HOST: z.string().default('127.0.0.1'),

  /**
   * Database (when embedded), resumes and the generated key live here: the one folder to back up.
   * Unset: `data` beside the source, from whatever folder KiEX is called.
   */
  KIEX_DATA_DIR: z.string().default(fileURLToPath(new URL('../data', import.meta.url))),

  /** A PostgreSQL server. Unset: KiEX starts its own PostgreSQL under the data folder. */
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      hostname: /.*/,
      error: 'Write postgres://user:password@host:5432/database, or leave it unset.',
    })
    .optional(),

  /** Runs simulators of the providers, so that KiEX can be tried without any account. */
  KIEX_SANDBOX: flag(true),

  /**
   * The address under which browsers and providers reach KiEX. It goes into file links, webhook
   * addresses and e-mails, so it is a setting and never taken from a request's headers.
   */
  KIEX_PUBLIC_URL: address
    .refine(
      (text) => new URL(text).pathname === '/',
      'Leave out the path: KiEX needs its own host.',
    )
    .optional(),

  /**
   * How many proxies of yours stand in front. That many entries of X-Forwarded-For are believed when
   * sign-ins are throttled by address; 0 believes none, since anybody can send that header.
   */
  KIEX_PROXIES: z.coerce.number('Write a number.').int('Write a whole number.').min(0).default(0),

  /** Manatal's open API; '/open/v3' is added to a bare host. */
  KIEX_MANATAL_URL: address.optional(),

  /** Manatal's webhook subscriptions; '/v1' is added to a bare host. */
  KIEX_MANAHOOK_URL: address.optional(),

  /** Wix's REST API. */
  KIEX_WIX_URL: address.optional(),

  /** Accepts http to loopback providers outside the sandbox. Off: a key must never travel in clear. */
  KIEX_ALLOW_INSECURE_PROVIDERS: flag(false),

  /**
   * Keys that seal credentials: base64 of 32 bytes each, comma separated, newest first. Unset: a
   * key file is made in the data folder, which serves one machine; several machines need this.
   */
  KIEX_SECRET_KEYS: z
    .string()
    .transform((text) => text.split(',').map((key) => key.trim()))
    .refine(
      (keys) => keys.every((key) => readKey(key) !== null),
      'Each key must be base64 of 32 bytes. Make one with: openssl rand -base64 32',
    )
    .optional(),

  /**
   * Seconds between polls of a provider. 120 keeps the promise of "one to two minutes" when a
   * webhook is lost; under 5 a poll would not end before the next begins.
   */
  KIEX_POLL_SECONDS: seconds(5, 120),

  /**
   * Hours between full reconciliations of each resource: everything on both sides is read and
   * compared, which finds what polls and webhooks missed. A day, since at 90 calls a minute an
   * account of 10,000 candidates takes two hours, behind all other work; nothing is lost meanwhile,
   * it is only found later.
   */
  KIEX_RECONCILE_HOURS: z.coerce
    .number('Write a number of hours.')
    .min(1, 'Write 1 or more.')
    .default(24),

  /**
   * Manatal allows 100 calls a minute for a key; 90 leaves room for what else uses the key.
   * 0 means no limit, for tests against a simulator.
   */
  KIEX_MANATAL_CALLS_PER_MINUTE: z.coerce
    .number('Write a number of calls.')
    .min(0, 'Write 0 (no limit) or more.')
    .default(90),

  /** Wix allows 200 calls a minute for a key and site; 150 leaves room for what else uses the key. */
  KIEX_WIX_CALLS_PER_MINUTE: z.coerce
    .number('Write a number of calls.')
    .min(0, 'Write 0 (no limit) or more.')
    .default(150),

  /**
   * Seconds after which KiEX looks whether Manatal really fetched a resume: it does so within a
   * quarter of an hour, and says nothing when it fails.
   */
  KIEX_RESUME_VERIFY_SECONDS: seconds(1, 1_200),

  /** Where the simulated Manatal listens, on loopback only; away from the ports people use. */
  KIEX_SANDBOX_MANATAL_PORT: port(4010),
  KIEX_SANDBOX_MANAHOOK_PORT: port(4011),
  /** The simulated Wix. */
  KIEX_SANDBOX_WIX_PORT: port(4012),

  /** How much is logged. 'info' tells a calm story; 'debug' adds each call. */
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'Write one of trace, debug, info, warn, error, fatal, silent.',
    })
    .default('info'),

  /** json for machines, pretty for eyes. Unset: pretty on a terminal, json elsewhere. */
  KIEX_LOG: z.enum(['json', 'pretty'], { error: 'Write json or pretty.' }).optional(),

  /** Serves pages from their source and reloads them on change; for developers. */
  KIEX_DEV: flag(false),
});

type Settings = z.infer<typeof Settings>;

/**
 * Every setting, parsed once. An empty variable counts as unset.
 *
 * Fails  with all problems at once, so that a person mends them in one go.
 */
export function readConfig(env: Environment = process.env): ConfigOutcome {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = Settings.safeParse(given);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.map(problemOf) };
  const problems = insecureProviders(parsed.data);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, config: assemble(parsed.data) };
}

/**
 * React and better-auth choose their form by NODE_ENV when they are loaded, and would take the slow
 * one when it is unset. To be called before either is imported.
 */
export function settleNodeEnvironment(config: Config): void {
  process.env.NODE_ENV = config.development ? 'development' : 'production';
}

/** A secret that a command was given by its environment; null: it comes by standard input. */
export const secretFrom = (variable: 'KIEX_KEY' | 'KIEX_PASSWORD'): string | null =>
  process.env[variable] || null;

/** For programs that we start and that must build for readers, whatever we ourselves run as. */
export const productionEnvironment = () => ({ ...process.env, NODE_ENV: 'production' });

/** For the server that a developer watches. */
export const developmentEnvironment = () => ({ ...process.env, KIEX_DEV: '1' });

/** The problems as lines to print before giving up. */
export function explainProblems(problems: ConfigProblem[]): string {
  const lines = problems.map(({ setting, wrong, remedy }) => `  ${setting}: ${wrong} ${remedy}`);
  return ['KiEX cannot start with these settings:', ...lines].join('\n');
}

function problemOf(issue: z.core.$ZodIssue): ConfigProblem {
  // The value itself stays out: it may be a key or a database password.
  return {
    setting: issue.path.join('.'),
    wrong: 'The value cannot be used.',
    remedy: issue.message,
  };
}

const providerAddresses = ['KIEX_MANATAL_URL', 'KIEX_MANAHOOK_URL', 'KIEX_WIX_URL'] as const;

function insecureProviders(settings: Settings): ConfigProblem[] {
  return providerAddresses.flatMap((setting): ConfigProblem[] => {
    const text = settings[setting];
    if (!text || text.startsWith('https:')) return [];
    if (!isLoopback(text)) {
      return [{ setting, wrong: 'A key would travel in clear.', remedy: 'Use https.' }];
    }
    if (settings.KIEX_SANDBOX || settings.KIEX_ALLOW_INSECURE_PROVIDERS) return [];
    return [
      {
        setting,
        wrong: 'Plain http is refused outside the sandbox.',
        remedy: 'Use https, or set KIEX_ALLOW_INSECURE_PROVIDERS=1 for this loopback address.',
      },
    ];
  });
}

function assemble(settings: Settings) {
  // An address given by hand stands for a provider that somebody else runs.
  const manatalSimulator = settings.KIEX_SANDBOX && !settings.KIEX_MANATAL_URL;
  const simulatedManatal = `http://127.0.0.1:${settings.KIEX_SANDBOX_MANATAL_PORT}`;
  const simulatedManahook = `http://127.0.0.1:${settings.KIEX_SANDBOX_MANAHOOK_PORT}`;
  const manatalUrl = withBasePath(
    settings.KIEX_MANATAL_URL ?? (manatalSimulator ? simulatedManatal : manatalHost),
    '/open/v3',
  );
  const manahookUrl = withBasePath(
    settings.KIEX_MANAHOOK_URL ?? (manatalSimulator ? simulatedManahook : manahookHost),
    '/v1',
  );
  const wixSimulator = manatalSimulator && !settings.KIEX_WIX_URL;
  const simulatedWix = `http://127.0.0.1:${settings.KIEX_SANDBOX_WIX_PORT}`;
  const wixUrl = withoutTrailingSlash(
    settings.KIEX_WIX_URL ?? (wixSimulator ? simulatedWix : wixHost),
  );
  // A provider on this machine can reach us at loopback; a real one cannot, so nothing is guessed.
  const localPublicUrl = isLoopback(manatalUrl) ? `http://127.0.0.1:${settings.PORT}` : null;
  return {
    port: settings.PORT,
    host: settings.KIEX_HOST,
    dataDir: path.resolve(settings.KIEX_DATA_DIR),
    databaseUrl: settings.DATABASE_URL ?? null,
    /** Without a trailing slash; null when nobody outside can be told where we are. */
    publicUrl: withoutTrailingSlash(settings.KIEX_PUBLIC_URL) ?? localPublicUrl,
    proxies: settings.KIEX_PROXIES,
    manatalUrl,
    manahookUrl,
    wixUrl,
    sandbox: {
      on: settings.KIEX_SANDBOX,
      manatalSimulator,
      wixSimulator,
      /** What the simulators keep, and where they answer. */
      folder: path.join(path.resolve(settings.KIEX_DATA_DIR), 'sandbox'),
      manatalPort: settings.KIEX_SANDBOX_MANATAL_PORT,
      manahookPort: settings.KIEX_SANDBOX_MANAHOOK_PORT,
      wixPort: settings.KIEX_SANDBOX_WIX_PORT,
    },
    secretKeys: settings.KIEX_SECRET_KEYS ?? [],
    pollSeconds: settings.KIEX_POLL_SECONDS,
    reconcileHours: settings.KIEX_RECONCILE_HOURS,
    resumeVerifySeconds: settings.KIEX_RESUME_VERIFY_SECONDS,
    manatalCallsPerMinute: settings.KIEX_MANATAL_CALLS_PER_MINUTE,
    wixCallsPerMinute: settings.KIEX_WIX_CALLS_PER_MINUTE,
    log: {
      level: settings.LOG_LEVEL,
      pretty: settings.KIEX_LOG ? settings.KIEX_LOG === 'pretty' : null,
    },
    development: settings.KIEX_DEV,
  };
}

function withBasePath(text: string, path: string): string {
  const bare = new URL(text).pathname === '/';
  return withoutTrailingSlash(text) + (bare ? path : '');
}

function withoutTrailingSlash<T extends string | undefined>(text: T): T {
  return text?.replace(/\/+$/, '') as T;
}

function isLoopback(text: string): boolean {
  const host = new URL(text).hostname;
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
