import { and, eq, inArray, isNull, ne } from 'drizzle-orm';
import { STAGE_STATUSES } from '#src/applications/stageMap.ts';
import type { JobChanges } from '#src/jobs/jobChanges.ts';
import type { Value } from '#src/sync/canonical.ts';
import { failures, links } from '#src/sync/tables.ts';
import { stageOf } from '../stage.ts';
import type { SimulatedAccount, SimulatedWorld } from '../world.ts';
import { anyOf, hot, noteTheirEdit } from './choosing.ts';

type Connected = SimulatedAccount & { connectionId: string };

/** One that staff have connected so far, in this way. */
export const connected = (
  world: SimulatedWorld,
  way: SimulatedAccount['way'] = 'key',
): Connected | null =>
  anyOf(
    world.random,
    world.accounts.filter(
      (account): account is Connected => account.connectionId !== null && account.way === way,
    ),
  );

/** How long somebody leaves a thing as it is before putting it right. */
export const aWhile = ({ random, settings }: SimulatedWorld) =>
  30 + random.integer(Math.max(1, settings.pollSeconds));

export const syncsNow = (full: boolean) => async (world: SimulatedWorld) => {
  const account = connected(world);
  if (!account) return;
  const { connectionId } = account;
  const ask = { connectionId, resource: null, full, trigger: 'manual', by: 'staff' } as const;
  await world.web.integrations.requestRuns(ask);
};

export async function pausesAndResumes(world: SimulatedWorld): Promise<void> {
  const account = connected(world);
  if (!account) return;
  await world.web.integrations.pause(account.connectionId, 'staff');
  await world.sleep(aWhile(world));
  await world.web.integrations.resume(account.connectionId, 'staff');
}

/** The key is changed at the provider; staff paste a wrong one first. */
export async function changesKey(world: SimulatedWorld): Promise<void> {
  const account = connected(world);
  if (!account) return;
  const { ledger, keys, lockedOut } = stageOf(world);
  const key = `sandbox-key-${account.accountId}-${10_000 + world.random.integer(89_999)}`;
  ledger.hide(key);
  keys.set(key, account.accountId);
  lockedOut.set(account, key);
  await world.act('changes the key', () => {
    account.simulator.changeAccount(account.accountId, { key });
    account.key = key;
  });
  await world.sleep(aWhile(world));
  const { integrations } = world.web;
  const { connectionId } = account;
  const wrong = `${key}-mistyped`;
  ledger.hide(wrong);
  await integrations.replaceKey({ connectionId, key: wrong }, 'staff');
  const { ok } = await integrations.replaceKey({ connectionId, key: account.key }, 'staff');
  if (ok) lockedOut.delete(account);
}

/** The account is locked for a while, as when a bill was not paid. */
export async function isLockedOut(world: SimulatedWorld): Promise<void> {
  const account = connected(world);
  if (!account) return;
  const { simulator, accountId, connectionId } = account;
  const access = anyOf(world.random, ['revoked', 'payment_due', 'plan_without_api'] as const)!;
  const change = (now: typeof access | 'granted') =>
    world.act(`access is ${now}`, () => simulator.changeAccount(accountId, { access: now }));
  await change(access);
  await world.sleep(aWhile(world));
  await change('granted');
  await world.web.integrations.testConnection(connectionId);
}

/** Few values of each, and some of them the recruiters': both sides are to meet at one field. */
const edits: readonly JobChanges[] = [
  { title: 'Barista' },
  { title: 'Head barista' },
  { descriptionHtml: '<p>Late hours.</p>' },
  { city: 'Hagåtña' },
  { city: 'Tumon' },
  { address: '1 Chalan Santo Papa' },
  { payMin: '11' },
  { payMax: '12.5' },
  { headcount: 2 },
  { remote: true },
  { status: 'paused' },
  { status: 'open' },
  { status: 'filled' },
  { publishedHere: true },
  { publishedHere: false },
];

/** Staff correct what a job says, here. */
export async function editsJobHere(world: SimulatedWorld): Promise<void> {
  const cards = await world.web.jobs.newest(20);
  const id = hot(world.random, cards)?.id;
  if (id) await editHere(world, id, anyOf(world.random, edits)!);
}

/** A recruiter and staff change the same field of the same job, before either hears of the other. */
export async function meetsAtOneField(world: SimulatedWorld): Promise<void> {
  const account = connected(world);
  if (!account) return;
  const { connectionId, recruiter } = account;
  const of = and(eq(links.connectionId, connectionId), eq(links.resource, 'jobs'));
  const tied = await world.read((db) =>
    db
      .select({ ourId: links.ourId, theirId: links.theirId })
      .from(links)
      .where(and(of, isNull(links.goneAt))),
  );
  const link = hot(world.random, tied);
  const [here, there] = world.random.integer(2) === 0 ? both : both.toReversed();
  if (!link?.theirId) return;
  const id = Number(link.theirId);
  const isDone = await world.act('edits the same field', () => {
    const edited = recruiter.editJob(id, { city: there });
    if (edited.ok)
      noteTheirEdit(world, account, { resource: 'jobs', id, theirs: 'city', raw: there });
    return edited.ok;
  });
  if (isDone) await editHere(world, link.ourId, { city: here! });
}

const both = ['Tumon', 'Koror'];

async function editHere(world: SimulatedWorld, id: string, change: JobChanges): Promise<void> {
  const from = world.now().getTime();
  let isStored: boolean | null = null;
  try {
    const answer = await world.web.jobEditing.edit(id, change, { by: 'staff' });
    isStored = answer.ok && answer.changed.length > 0;
  } finally {
    if (isStored !== false) {
      const { ledger } = stageOf(world);
      const of = { side: 'ours', connectionId: null, resource: 'jobs', id } as const;
      for (const [field, value] of Object.entries(change))
        ledger.edit({ ...of, field, value: value as Value }, { from, isDoubtful: !isStored });
    }
  }
}

/** Staff read the stages, choose what some of them mean, look at the preview and apply it. */
export async function choosesStages(world: SimulatedWorld): Promise<void> {
  const account = connected(world);
  if (!account) return;
  const { stages } = world.web;
  const { connectionId } = account;
  if (world.random.integer(2) === 0) await stages.readAgain(connectionId, 'staff');
  const list = await stages.of(connectionId);
  const rows = list?.pipelines.flatMap((pipeline) => pipeline.stages) ?? [];
  const choices = Object.fromEntries(
    rows.map(({ id, status }) => [
      id,
      world.random.integer(3) > 0 ? status : anyOf(world.random, STAGE_STATUSES)!,
    ]),
  );
  const preview = await stages.preview(connectionId, choices);
  if (!preview) return;
  const { fingerprint } = preview;
  const answer = await stages.choose(connectionId, { choices, fingerprint, by: 'staff' });
  if (answer.ok && answer.changed > 0) stageOf(world).ledger.count('stages were given meanings');
}

export async function choosesWithdrawals(world: SimulatedWorld): Promise<void> {
  const account = connected(world);
  if (!account) return;
  const withdrawal = anyOf(world.random, ['drop', 'drop', 'note', 'nothing'])!;
  await world.web.decisions.chooseOptions(account.connectionId, { withdrawal }, 'staff');
}

/** Staff go through the dead letters and try each again. */
export async function retriesDeadLetters(world: SimulatedWorld): Promise<void> {
  const dead = await world.read((db) =>
    db
      .select({ id: failures.id })
      .from(failures)
      // What may have arrived is not tried again by the way: somebody must look first. [I3]
      .where(and(inArray(failures.state, ['dead']), ne(failures.step, 'unanswered'))),
  );
  for (const { id } of dead) await world.web.integrations.retryFailure(id, 'staff');
}

/** When all is well again, staff put right what people can: keys, pauses, dead letters. */
export async function mend(world: SimulatedWorld): Promise<void> {
  const { lockedOut } = stageOf(world);
  const { integrations } = world.web;
  for (const account of world.accounts) {
    const { connectionId, simulator, accountId } = account;
    if (connectionId === null) continue;
    simulator.changeAccount(accountId, { access: 'granted' });
    await integrations.resume(connectionId, 'staff');
    if (lockedOut.has(account))
      await integrations.replaceKey(
        { connectionId, key: account.key, sameAccount: account.way === 'page' },
        'staff',
      );
    await integrations.testConnection(connectionId);
  }
  await retriesDeadLetters(world);
}
