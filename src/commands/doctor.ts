import fs from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import type { Config } from '#src/config.ts';
import { createHttpClient } from '#src/platform/httpClient.ts';
import { loadKeys } from '#src/platform/vault.ts';
import type { Program } from '#src/program.ts';
import { allConnections, keyBinding } from '#src/sync/connections.ts';
import { exitCodes, print } from './output.ts';

interface Check {
  name: string;
  ok: boolean;
  words: string;
  /** What to do; null when it is well. */
  remedy: string | null;
}

const clockSecondsMax = 30;
const diskBytesMin = 1024 ** 3;

const well = (name: string, words: string): Check => ({ name, ok: true, words, remedy: null });
const ill = (name: string, words: string, remedy: string): Check => ({
  name,
  ok: false,
  words,
  remedy,
});

/** doctor: looks at database, keys, clock, providers and disk, and says what to do. */
export async function doctor(
  program: Program,
  config: Config,
  { json }: { json: boolean },
): Promise<number> {
  const checks = [
    await checkDatabase(program),
    await checkKeys(program, config),
    ...(await checkProviders(program, config)),
    await checkDisk(config),
    checkPublicUrl(config),
  ];
  const lines = checks.map(({ name, ok, words, remedy }) =>
    [`${ok ? 'ok ' : 'NO '} ${name.padEnd(12)} ${words}`, remedy && `    ${remedy}`]
      .filter(Boolean)
      .join('\n'),
  );
  print(checks, { json, words: lines.join('\n') });
  return checks.every((check) => check.ok) ? exitCodes.done : exitCodes.failed;
}

async function checkDatabase({ parts, database }: Program): Promise<Check> {
  const began = parts.clock.now().getTime();
  const { rows } = await parts.db.execute<{ version: string; now: string }>(
    sql`select current_setting('server_version') as version, clock_timestamp()::text as now`,
  );
  const [row] = rows;
  const skew = Math.abs(new Date(row!.now).getTime() - began) / 1_000;
  if (skew > clockSecondsMax) {
    const words = `the database's clock is ${Math.round(skew)} s away from this machine's`;
    return ill('database', words, 'Set both clocks by NTP.');
  }
  const kind = database.kind === 'embedded' ? 'its own' : 'a server';
  return well('database', `PostgreSQL ${row!.version} (${kind}), clocks agree`);
}

async function checkKeys({ parts }: Program, config: Config): Promise<Check> {
  const keys = await loadKeys({ secretKeys: config.secretKeys, dataDir: config.dataDir });
  const closed: string[] = [];
  for (const connection of await allConnections(parts.db)) {
    try {
      parts.vault.open(connection.credentials, keyBinding(connection.id));
    } catch {
      closed.push(connection.label);
    }
  }
  if (closed.length === 0)
    return well('keys', `${keys.length} in the ring; every connection opens`);
  const remedy =
    'Put the key they were sealed with back into KIEX_SECRET_KEYS (or data/secret.key).';
  return ill('keys', `cannot open: ${closed.join(', ')}`, remedy);
}

/** Any answer means reachable; its date tells whether our clock is right. */
async function checkProviders({ parts }: Program, config: Config): Promise<Check[]> {
  const origins = [config.manatalUrl, config.manahookUrl];
  const http = createHttpClient({ allowedOrigins: origins, userAgent: 'KiEX' });
  const checks: Check[] = [];
  for (const [name, url] of [
    ['manatal', config.manatalUrl],
    ['manahook', config.manahookUrl],
  ] as const) {
    const answer = await http.send({ method: 'GET', url: `${url}/`, timeoutSeconds: 10 });
    if (answer.kind === 'no_answer') {
      const remedy = config.sandbox.on
        ? 'The sandbox runs inside `npm start`: start KiEX.'
        : 'Check the internet connection, a firewall, and the address in the settings.';
      checks.push(ill(name, `${new URL(url).host} does not answer (${answer.reason})`, remedy));
      continue;
    }
    const date = Date.parse(answer.headers.get('date') ?? '');
    const skew = Number.isNaN(date) ? 0 : Math.abs(date - parts.clock.now().getTime()) / 1_000;
    const host = new URL(url).host;
    checks.push(
      skew > clockSecondsMax
        ? ill(
            name,
            `${host} answers, but its clock is ${Math.round(skew)} s away`,
            'Set this machine’s clock by NTP.',
          )
        : well(name, `${host} answers; clock agrees`),
    );
  }
  return checks;
}

async function checkDisk(config: Config): Promise<Check> {
  const { bavail, bsize } = await fs.statfs(config.dataDir);
  const free = bavail * bsize;
  const words = `${(free / 1024 ** 3).toFixed(1)} GiB free for ${config.dataDir}`;
  return free < diskBytesMin
    ? ill('disk', words, 'Make room: a full disk stops the database.')
    : well('disk', words);
}

function checkPublicUrl(config: Config): Check {
  if (config.publicUrl) return well('public URL', config.publicUrl);
  const words = 'not set: no webhooks arrive, and providers cannot fetch resumes';
  return ill(
    'public URL',
    words,
    'Set KIEX_PUBLIC_URL to the address under which KiEX is reached.',
  );
}
