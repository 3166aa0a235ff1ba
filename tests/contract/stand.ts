import { ManualClock } from '#src/platform/clock.ts';
import type { Result } from '#src/platform/failure.ts';
import { createHttpClient } from '#src/platform/httpClient.ts';
import { createQuota, type Quota } from '#src/platform/quota.ts';
import { createTestDatabase } from '#src/platform/testDatabase.ts';
import { createConnectors } from '#src/providers/index.ts';
import type {
  CallContext,
  Connector,
  Cursor,
  Page,
  ResourceConnector,
} from '#src/sync/connector.ts';
import type { Bench, ConnectorSettings, Provider, RecordBench } from './bench.ts';
import { benches } from './benches.ts';

/** One request as it left KiEX. */
export interface Sent {
  method: string;
  url: URL;
  headers: Headers;
  redirect: string;
  body: string;
}

/** Answers a request in place of the provider; null: let the provider answer. */
export type Interception = (
  request: Request,
  act: () => Promise<Response>,
) => Promise<Response> | Response | null;

/** A connector on its simulated provider, with a way to stand in between. */
export interface Stand {
  provider: Provider;
  connector: Connector;
  bench: Bench<Provider>;
  clock: ManualClock;
  context: CallContext;
  sent: Sent[];
  /** Stands in between from now on; null: no more. */
  intercept(by: Interception | null): void;
  resource(name: string): { connector: ResourceConnector; bench: RecordBench };
}

/** The providers under test: all that KiEX knows. */
export const providers = Object.keys(benches) as Provider[];

let shared: ReturnType<typeof createTestDatabase> | null = null;

/** A fresh provider with its connector. All of a file share one database, for the quota. */
export async function createStand(provider: Provider): Promise<Stand> {
  shared ??= createTestDatabase();
  const { db } = await shared;
  const clock = new ManualClock();
  const sent: Sent[] = [];
  let between: Interception | null = null;
  const out = async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init);
    const { method, headers, redirect } = request;
    const url = new URL(request.url);
    sent.push({ method, url, headers, redirect, body: await request.clone().text() });
    const act = () => bench.answer(request);
    const answered = async () => (await between?.(request, act)) ?? act();
    return Promise.race([answered(), givenUp(init?.signal)]);
  };
  const quota = createQuota({ db, clock });
  const { benchOf, connectors } = build({ clock, quota, out: out as typeof fetch });
  const bench = benchOf[provider];
  const connector = connectors.get(provider)!;
  return {
    ...{ provider, connector, bench, clock, sent },
    context: contextOf(connector, bench, clock),
    intercept(by) {
      between = by;
    },
    resource: (name) => ({
      connector: connector.resources.find((one) => one.name === name)!,
      bench: bench.resources[name]!,
    }),
  };
}

/** Rejects as `fetch` does when the caller gives up. */
const givenUp = (signal: AbortSignal | null | undefined) =>
  new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

function build({ clock, quota, out }: { clock: ManualClock; quota: Quota; out: typeof fetch }) {
  const httpFor = (allowedOrigins: readonly string[]) =>
    createHttpClient({
      ...{ allowedOrigins: [...allowedOrigins], userAgent: 'KiEX', fetch: out, clock },
    });
  const benchOf = Object.fromEntries(
    providers.map((name) => [name, benches[name]({ clock, quota, httpFor })]),
  ) as Record<Provider, Bench<Provider>>;
  const settings = Object.fromEntries(
    providers.map((name) => [name, benchOf[name].settings]),
  ) as unknown as ConnectorSettings;
  return { benchOf, connectors: createConnectors(settings) };
}

export async function dropStands(): Promise<void> {
  await (await shared)?.drop();
  shared = null;
}

const contextOf = (
  connector: Connector,
  bench: Bench<Provider>,
  clock: ManualClock,
): CallContext => ({
  account: {
    connectionId: 'connection-1',
    label: 'test',
    organizationId: null,
    key: bench.key,
    quotaKey: connector.quotaKeyOf(bench.key, bench.connectionSettings),
    settings: bench.connectionSettings ?? {},
    createdAt: clock.now(),
  },
  lane: 'person',
});

/** Every connector KiEX knows, for what it declares; none of these makes a call. */
export const connectors = build({
  clock: new ManualClock(),
  quota: null as never,
  out: async () => Promise.reject(new Error('nothing is called while tests are laid out')),
}).connectors;

/** [provider, resource] of everything that can do all of this: the rows of a table of tests. */
export function able(...operations: (keyof ResourceConnector)[]): [Provider, string][] {
  return [...connectors].flatMap(([provider, { resources }]) =>
    resources
      .filter((one) => operations.every((operation) => one[operation] !== undefined))
      .map((one): [Provider, string] => [provider as Provider, one.name]),
  );
}

/** The same, of what can be made there and never looked for. */
export const unseen = (): [Provider, string][] =>
  able('create').filter(
    ([provider, name]) =>
      !connectors.get(provider)!.resources.find((one) => one.name === name)!.find,
  );

/** The value of a result, or an error with its failure. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

/** How often a list is read again when fewer rows than counted were seen; the runner does the same. */
const sweepsMax = 3;
const pagesMax = 100;

/** Reads a list to its end as a run does, again where rows slipped by. Returns the ids seen. */
export async function readAll(
  read: (cursor: Cursor | null) => Promise<Result<Page>>,
  between: (page: Page) => Promise<void> = async () => undefined,
): Promise<Set<string>> {
  const seen = new Set<string>();
  for (let sweep = 1; sweep <= sweepsMax; sweep++) {
    let cursor: Cursor | null = { sweep };
    let total: number | null = null;
    for (let pages = 0; pages < pagesMax && cursor; pages++) {
      const page: Page = must(await read(cursor));
      for (const { id } of page.records) seen.add(id);
      total = page.total ?? total;
      cursor = page.next;
      if (cursor) await between(page);
    }
    if (cursor) throw new Error('the list does not end');
    if (total === null || seen.size >= total) return seen;
  }
  return seen;
}
