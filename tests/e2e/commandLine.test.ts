import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#src/platform/clock.ts';
import { embeddedFolder, embeddedUrl } from '#src/platform/embeddedFolder.ts';
import { outgoingFetch } from '#src/platform/httpClient.ts';
import { systemRandom } from '#src/platform/random.ts';
import { type ManatalServing, serveManatalSimulator } from '#src/sandbox/manatal/serve.ts';
import { createManatalSimulator } from '#src/sandbox/manatal/simulator.ts';
import { seedWorld, WORLD_ACCOUNTS } from '#src/sandbox/world.ts';
import { databaseOf } from '../kiex/dataFolder.ts';
import { makeInstallation, type Settings, unpaced } from '../kiex/installation.ts';
import { type Answer, cleanUp, run, start } from '../kiex/process.ts';

// One story of an installation, told in order: set up while KiEX does not run, used while it does.

const label = 'Manatal · Pacific Stay';
const { key, label: organization } = WORLD_ACCOUNTS[0]!;
const add = ['connections', 'add', 'manatal', '--organization', organization, '--key-stdin'];
const createUser = ['users', 'create', '--password-stdin', '--name', 'Sample Person'];

let serving: ManatalServing;
let settings: Settings;
let dataDir: string;

beforeAll(async () => {
  const simulator = createManatalSimulator({
    clock: systemClock,
    random: systemRandom,
    outgoing: outgoingFetch,
  });
  seedWorld(simulator, systemClock, systemRandom);
  serving = await serveManatalSimulator({ simulator, port: 0, manahookPort: 0 });
  ({ dataDir, settings } = await makeInstallation({
    KIEX_SANDBOX: 'off',
    // One with its path, one bare with a slash: both forms are in use.
    KIEX_MANATAL_URL: `${serving.url}/open/v3/`,
    KIEX_MANAHOOK_URL: `${serving.manahookUrl}/`,
    KIEX_ALLOW_INSECURE_PROVIDERS: '1',
    ...unpaced,
  }));
});

afterAll(async () => {
  await cleanUp();
  await serving.close();
});

const kiex = (args: string[], input = '') => run(args, settings, input);

function expectRefusal({ code, out, err }: Answer, exitCode: number, words: string) {
  expect(err).toContain(words);
  expect(code).toBe(exitCode);
  expect(out).toBe('');
  expect(err).not.toMatch(/\n\s+at /);
}

test('without a running KiEX, commands set an empty one up, and leave no database running', async () => {
  const migrated = await kiex(['migrate', '--json']);
  expect(migrated.json()).toEqual({ migrated: true });
  const role = ['--role', 'staff', '--email', 'staff@kiex.example'];
  const made = await kiex([...createUser, ...role, '--json'], 'a long passphrase\n');
  expect(made.code).toBe(0);
  expect(made.json()).toMatchObject({ email: 'staff@kiex.example', role: 'staff' });
  expect(made.out + made.err).not.toContain('passphrase');
  expectRefusal(
    await kiex([...createUser, ...role], 'another passphrase'),
    2,
    'already an account',
  );
  expectRefusal(
    await kiex([...createUser, '--role', 'king', '--email', 'king@kiex.example'], 'x'),
    2,
    'student, employer, staff, admin',
  );

  const added = await kiex([...add, '--label', label, '--json'], `${key}\n`);
  expect(added.json()).toMatchObject({ label, state: 'connected', reason: null });
  expect(added.code).toBe(0);
  expect(added.out + added.err).not.toContain(key);
  expect((await kiex(['connections', 'list', '--json'])).json()).toMatchObject([
    { label, state: 'connected', organizationName: organization },
  ]);
  expect(databaseOf(dataDir)).toBeNull();
});

test('a person is invited to act for an employer, by a link that is printed once', async () => {
  const who = ['--name', 'Ana Example', '--email', 'ana@hotel.example'];
  const invite = ['users', 'invite', ...who, '--organization', 'Lagoon Tours'];
  expectRefusal(await kiex(invite), 2, '--new-organization makes it');
  const invited = await kiex([...invite, '--new-organization', '--json']);
  expect(invited.json()).toMatchObject({
    email: 'ana@hotel.example',
    done: 'invited',
    link: expect.stringContaining('/set-password?token='),
  });
  const again = await kiex([...invite, '--json']);
  expect(again.json()).toMatchObject({ done: 'there' });
});

test('what a command cannot do is said on standard error, with an exit code for scripts', async () => {
  const waiting = kiex(['sync', label, '--resource', 'jobs', '--wait', '--json']);
  expectRefusal(await kiex([...add, '--label', label], key), 2, 'has this name already');
  expectRefusal(await kiex([...add, '--label', 'Empty'], ''), 2, 'No key came in');
  expectRefusal(
    await kiex(['connections', 'test', 'Nobody']),
    2,
    'There is no connection named “Nobody”. See: kiex connections list',
  );
  expectRefusal(await kiex(['runs', '--limit', 'many']), 2, 'Write a number');
  expectRefusal(await kiex(['sync']), 2, "missing required argument 'label'");
  expectRefusal(await kiex(['dance']), 2, "unknown command 'dance'");
  expectRefusal(await kiex(['sync', label, '--resource', 'cars']), 2, 'Choose one of: ');
  expectRefusal(await kiex(['dead-letters', 'retry']), 2, 'Say which');

  const wrong = await kiex([...add, '--label', 'Wrong key', '--json'], 'no-such-key-0001');
  expect(wrong.json()).toMatchObject({ state: 'needs_attention' });
  expect(wrong.json<{ reason: string }>().reason).toMatch(/key/i);
  expect(wrong.code).toBe(1);
  const tested = await kiex(['connections', 'test', 'Wrong key', '--json']);
  expect(tested.code).toBe(1);
  expect(tested.json<{ ok: boolean; remedy: string }[]>()[0]).toMatchObject({
    ok: false,
    remedy: expect.any(String),
  });
  // It waits a while for a worker; meanwhile the commands above shared its database.
  expectRefusal(await waiting, 1, 'Nobody takes up the run');
});

test('beside a running KiEX, commands ask for work, watch it and mend what failed', async () => {
  const server = start(['start'], settings);
  await server.says('Ctrl-C');
  expect(server.said()).toContain('First steps');
  expect(server.said()).not.toContain('sandbox-student');

  const synced = await kiex(['sync', label, '--wait', '--json']);
  expect(synced.err).not.toContain('Nobody');
  expect(synced.json()).toMatchObject([
    { resource: 'organizations', state: 'done' },
    { resource: 'jobs', state: 'done' },
    { resource: 'applications', state: 'done' },
  ]);
  expect(synced.code).toBe(0);
  const full = await kiex(['sync', label, '--resource', 'jobs', '--full', '--wait', '--json']);
  expect(full.json()).toMatchObject([{ resource: 'jobs', kind: 'full', state: 'done' }]);

  const runs = (await kiex(['runs', '--json', '--limit', '2'])).json<{ resource: string }[]>();
  expect(runs).toHaveLength(2);
  const activity = await kiex(['activity', '--connection', label, '--json', '--limit', '200']);
  expect(activity.json<{ action: string }[]>().map(({ action }) => action)).toContain(
    'connection added',
  );

  for (const [command, state] of [
    ['pause', 'paused'],
    ['resume', 'connected'],
  ] as const) {
    expect((await kiex(['connections', command, label, '--json'])).json()).toEqual({
      label,
      state,
    });
  }
  expect((await kiex(['connections', 'test', label])).out).toMatch(/^ok /);

  const checks = await kiex(['doctor', '--json']);
  expect(checks.json<{ name: string; ok: boolean }[]>().map(({ name, ok }) => [name, ok])).toEqual([
    ['database', true],
    ['keys', true],
    ['manatal', true],
    ['manahook', true],
    ['disk', true],
    ['public URL', true],
  ]);
  expect(checks.code).toBe(0);
  expect(await server.end('SIGINT')).toBe(0);
  expect(databaseOf(dataDir)).toBeNull();
});

test('dead letters are listed, tried again and dismissed by id', async () => {
  const server = start(['web'], settings);
  await server.says('Ctrl-C');
  const [retried, dismissed] = [await fail('9001'), await fail('9002')];
  const listed = await kiex(['dead-letters', 'list', '--json']);
  expect(
    listed
      .json<{ id: string }[]>()
      .map(({ id }) => id)
      .sort(),
  ).toEqual([retried, dismissed].sort());
  const again = await kiex(['dead-letters', 'retry', retried, '--json']);
  expect(again.json()).toEqual([{ id: retried, ok: true }]);
  const gone = await kiex(['dead-letters', 'dismiss', dismissed, '--reason', 'a test', '--json']);
  expect(gone.json()).toEqual([{ id: dismissed, ok: true }]);
  const unknown = await kiex(['dead-letters', 'dismiss', 'nonsense', '--reason', 'a test']);
  expect(unknown.out).toContain('nonsense is not an open dead letter');
  expect(unknown.code).toBe(1);
  expect(await server.end('SIGTERM')).toBe(0);
});

/** A record of the connection that waits for a person. */
async function fail(theirId: string): Promise<string> {
  const client = new pg.Client(embeddedUrl(embeddedFolder(dataDir)));
  await client.connect();
  const id = randomUUID();
  await client.query(
    `insert into failures (id, connection_id, resource, record_key, their_id, state, kind, step,
       detail, attempts, first_at, last_at)
     select $1, id, 'jobs', $2, $3, 'dead', 'refused', 'read', 'made by a test', 1, now(), now()
     from connections where label = $4`,
    [id, `their:${theirId}`, theirId, label],
  );
  await client.end();
  return id;
}
