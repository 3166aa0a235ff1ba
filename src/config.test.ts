import path from 'node:path';
import { expect, test } from 'vitest';
import { type Config, explainProblems, readConfig } from './config.ts';

function configOf(env: Record<string, string>): Config {
  const outcome = readConfig(env);
  if (!outcome.ok) throw new Error(explainProblems(outcome.problems));
  return outcome.config;
}

function problemsOf(env: Record<string, string>) {
  const outcome = readConfig(env);
  return outcome.ok ? [] : outcome.problems;
}

test('without settings KiEX runs alone, against its own simulators', () => {
  const config = configOf({});
  expect(config).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    databaseUrl: null,
    publicUrl: 'http://127.0.0.1:3000',
    manatalUrl: 'http://127.0.0.1:4010/open/v3',
    manahookUrl: 'http://127.0.0.1:4011/v1',
    sandbox: { on: true, manatalSimulator: true },
    pollSeconds: 120,
    reconcileHours: 24,
    manatalCallsPerMinute: 90,
  });
  expect(config.dataDir).toBe(path.resolve('data'));
});

test('an empty variable counts as unset', () => {
  expect(configOf({ DATABASE_URL: '', PORT: ' ', KIEX_SECRET_KEYS: '' })).toMatchObject({
    databaseUrl: null,
    port: 3000,
    secretKeys: [],
  });
});

test('without the sandbox the real hosts are called and no public address is guessed', () => {
  expect(configOf({ KIEX_SANDBOX: 'off' })).toMatchObject({
    manatalUrl: 'https://api.manatal.com/open/v3',
    manahookUrl: 'https://manahook.api.manatal.com/v1',
    publicUrl: null,
    sandbox: { on: false, manatalSimulator: false },
  });
});

test('an address given by hand gets no simulator, and a path in it is kept', () => {
  const config = configOf({
    KIEX_MANATAL_URL: 'http://localhost:9100/elsewhere/v3/',
    KIEX_MANAHOOK_URL: 'http://127.0.0.1:9101/',
    PORT: '3100',
  });
  expect(config).toMatchObject({
    manatalUrl: 'http://localhost:9100/elsewhere/v3',
    manahookUrl: 'http://127.0.0.1:9101/v1',
    publicUrl: 'http://127.0.0.1:3100',
    sandbox: { on: true, manatalSimulator: false },
  });
});

test('a public address loses its trailing slash', () => {
  const env = { KIEX_SANDBOX: 'off', KIEX_PUBLIC_URL: 'https://kiex.example/' };
  expect(configOf(env).publicUrl).toBe('https://kiex.example');
});

test('plain http to a provider needs a loopback host', () => {
  const url = 'http://api.manatal.example';
  const env = { KIEX_MANATAL_URL: url, KIEX_ALLOW_INSECURE_PROVIDERS: '1' };
  expect(problemsOf(env)[0]).toMatchObject({ setting: 'KIEX_MANATAL_URL', remedy: 'Use https.' });
  // A name that only looks like loopback is another machine.
  expect(problemsOf({ KIEX_MANATAL_URL: 'http://127.0.0.1.example' })).toHaveLength(1);
});

test('outside the sandbox loopback http must be allowed explicitly', () => {
  const env = { KIEX_SANDBOX: 'off', KIEX_MANAHOOK_URL: 'http://127.0.0.1:9101' };
  expect(problemsOf(env)[0]?.remedy).toContain('KIEX_ALLOW_INSECURE_PROVIDERS=1');
  expect(problemsOf({ ...env, KIEX_ALLOW_INSECURE_PROVIDERS: '1' })).toEqual([]);
});

test('all problems are told at once, each with what to do, and no value is repeated', () => {
  const problems = problemsOf({
    PORT: 'eighty',
    DATABASE_URL: 'mysql://root:hunter2@db.example/kiex',
    KIEX_SECRET_KEYS: 'dG9vIHNob3J0',
    KIEX_POLL_SECONDS: '1',
    KIEX_SANDBOX: 'perhaps',
    LOG_LEVEL: 'loud',
    KIEX_PUBLIC_URL: 'https://someone:secret@kiex.example',
  });
  expect(problems.map(({ setting }) => setting).sort()).toEqual([
    'DATABASE_URL',
    'KIEX_POLL_SECONDS',
    'KIEX_PUBLIC_URL',
    'KIEX_SANDBOX',
    'KIEX_SECRET_KEYS',
    'LOG_LEVEL',
    'PORT',
  ]);
  const words = explainProblems(problems);
  expect(words).not.toMatch(/hunter2|someone|dG9v|eighty/);
  expect(words).toContain('KIEX_POLL_SECONDS: The value cannot be used. Write 5 or more.');
});

test('a DATABASE_URL with a unix socket folder is accepted', () => {
  const url = 'postgresql://kiex@localhost/kiex?host=/var/run/postgresql';
  expect(configOf({ DATABASE_URL: url }).databaseUrl).toBe(url);
});

test('secret keys keep their order, newest first', () => {
  const [newest, older] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)].map((key) =>
    key.toString('base64'),
  );
  const env = { KIEX_SECRET_KEYS: ` ${newest}, ${older} ` };
  expect(configOf(env).secretKeys).toEqual([newest, older]);
});
