import { stageOf } from '../stage.ts';
import type { SimulatedAccount, SimulatedWorld } from '../world.ts';
import { anAccount, anyOf, hot } from './choosing.ts';

/** The address of one of our subscriptions; null: none is registered yet. */
function anAddress(world: SimulatedWorld, account: SimulatedAccount): string | null {
  const rows = account.simulator.rows(account.accountId, 'webhooks');
  return anyOf(world.random, rows)?.target_url ?? null;
}

/** True addresses, true ids, and values that are false: none of them may appear anywhere. [D2] */
export async function forgesWebhooks(world: SimulatedWorld): Promise<void> {
  const account = anAccount(world);
  const known = account.simulator.rows(account.accountId, 'webhooks');
  for (const { target_url: address } of known) await forge(world, account, address);
}

async function forge(
  world: SimulatedWorld,
  account: SimulatedAccount,
  address: string,
): Promise<void> {
  const model = /\/(\w+)\/\w+$/.exec(address)?.[1];
  const table = { job: 'jobs', match: 'matches', candidate: 'candidates' } as const;
  const rows =
    model && model in table
      ? account.simulator.rows(account.accountId, table[model as keyof typeof table])
      : [];
  const id = hot<{ id: number }>(world.random, rows)?.id ?? 900_000_000;
  const lie = `forged-${10_000_000 + world.random.integer(89_999_999)}`;
  stageOf(world).ledger.plant(lie);
  const record = {
    id,
    status: lie,
    position_name: lie,
    full_name: lie,
    stage: { id: 1, name: lie },
    hired_at: '2020-01-01T00:00:00Z',
  };
  const bodies = [
    record,
    { object_id: id, ...record },
    { data: record },
    { [model ?? '']: record },
  ];
  await world.knock(address, JSON.stringify(anyOf(world.random, bodies)));
}

/** A wrong secret, or a body that is no JSON. [D3] */
export async function knocksWrongly(world: SimulatedWorld): Promise<void> {
  const address = anAddress(world, anAccount(world));
  if (!address) return;
  const wrong = address.replace(/(webhooks\/\w+\/)[^/]+/, '$1not-our-secret-at-all');
  await world.knock(wrong, JSON.stringify({ object_id: 1 }));
  await world.knock(address, '{"object_id":');
}

/** A delivery of some time ago comes again. [D3] */
export async function replaysWebhook(world: SimulatedWorld): Promise<void> {
  const { simulator, accountId } = anAccount(world);
  const old = anyOf(world.random, simulator.deliveries(accountId));
  if (!old) return;
  stageOf(world).ledger.count('webhook: replayed');
  await world.knock(old.targetUrl, JSON.stringify(old.body));
}
