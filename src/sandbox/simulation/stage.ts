import { createConnectors } from '#src/providers/index.ts';
import type { ResourceConnector } from '#src/sync/connector.ts';
import { type ProviderCall, readable } from './checkers/providerCall.ts';
import type { Watched } from './checkers/scene.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { pageAddress, type SimulatedAccount, type SimulatedWorld } from './world.ts';

/** What actors and judges of one world share. */
export interface Stage {
  ledger: Ledger;
  /** Every key that an account ever had, and every address of its page. */
  keys: Map<string, number>;
  /** Accounts whose key stopped working on purpose, and the key that works. */
  lockedOut: Map<SimulatedAccount, string>;
}

const stages = new WeakMap<SimulatedWorld, Stage>();

/** Of this world; made when it is first asked for. */
export function stageOf(world: SimulatedWorld): Stage {
  const known = stages.get(world);
  if (known) return known;
  const ledger = createLedger(() => world.now());
  for (const { key, way } of world.accounts) if (way === 'key') ledger.hide(key);
  const keys = new Map(world.accounts.map(({ key, accountId }) => [key, accountId]));
  const made: Stage = { ledger, keys, lockedOut: new Map() };
  stages.set(world, made);
  return made;
}

/** Calls within 60 seconds of the provider's own limit. reference/manatal.md 4 */
const limitPerMinute = 100;

/** What the judges may see of this world. */
export function watchedOf(world: SimulatedWorld): Watched {
  const { ledger, keys } = stageOf(world);
  return {
    db: world.db,
    now: world.now,
    simulator: world.simulator,
    accounts: world.accounts.flatMap(({ connectionId, accountId, way }) =>
      connectionId === null ? [] : [{ connectionId, accountId, way }],
    ),
    budgetPerMinute: hasBudget(world) ? limitPerMinute : null,
    resources: mappingTables('key'),
    pageResources: mappingTables('page'),
    calls: () => world.requests().map((call) => seen(call, keys)),
    logged: () => world.logged,
    ledger,
  };
}

/** Without a budget, or with clocks that disagree, nothing can be promised of any 60 seconds. */
const hasBudget = ({ settings, struck }: SimulatedWorld) =>
  settings.callsPerMinute > 0 &&
  settings.callsPerMinute < limitPerMinute &&
  !struck.has('clock jump') &&
  !struck.has('process stalled');

const seen = (
  call: ReturnType<SimulatedWorld['requests']>[number],
  keys: ReadonlyMap<string, number>,
): ProviderCall => ({
  accountId: keys.get(call.key || pageIn(call.path)) ?? null,
  key: call.key,
  method: call.method,
  path: readable(call.path),
  body: call.body,
  sentAt: call.at,
  endedAt: call.endedAt,
  status: call.status,
  waitSeconds: call.waitSeconds,
  fault: call.fault,
});

/** The address of the page that a call without a key is about. */
const pageIn = (path: string) => pageAddress(path.split('/career-page/')[1]?.split('/')[0] ?? '');

let tables: Record<SimulatedAccount['way'], readonly ResourceConnector[]> | null = null;

/** The connectors' mapping tables, out of connectors that can call nobody. */
export function mappingTables(way: SimulatedAccount['way']): readonly ResourceConnector[] {
  if (tables) return tables[way];
  const never = () => Promise.reject(new Error('the judges call nobody'));
  const connectors = createConnectors({
    manatal: {
      http: { send: never },
      quota: { ensure: never, take: never, block: never, state: never },
      baseUrl: '',
      manahookUrl: '',
      callsPerMinute: 0,
      source: '',
      verifyAfterSeconds: 0,
      publish: never,
    },
  });
  const of = (provider: string) => connectors.get(provider)!.resources;
  tables = { key: of('manatal'), page: of('manatalCareerPage') };
  return tables[way];
}
