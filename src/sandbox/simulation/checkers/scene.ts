import { sql } from 'drizzle-orm';
import { publicApplicantsOf } from '#src/applications/publicApplicants.ts';
import type { StageStatus } from '#src/applications/stageMap.ts';
import type { Queryable } from '#src/platform/database.ts';
import type { ResourceConnector } from '#src/sync/connector.ts';
import type { TableName } from '../../manatal/rows.ts';
import type { ManatalSimulator } from '../../manatal/simulator.ts';
import type { Ledger } from '../ledger.ts';
import type { ProviderCall } from './providerCall.ts';

/** What the judges are let into: both sides from the outside, and nothing of the engine. */
export interface Watched {
  db: Queryable;
  now(): Date;
  simulator: Pick<ManatalSimulator, 'rows' | 'deliveries' | 'accounts'>;
  /** `way` missing: with a key. */
  accounts: readonly { connectionId: string; accountId: number; way?: 'key' | 'page' }[];
  /** Calls a minute that an account must never see more than; null: the run has no such budget. */
  budgetPerMinute: number | null;
  /** The mapping tables, which both the engine and its judges go by. */
  resources: readonly ResourceConnector[];
  /** The same of accounts that are known by their page. */
  pageResources?: readonly ResourceConnector[];
  calls(): readonly ProviderCall[];
  logged(): readonly string[];
  ledger: Ledger;
}

/** A row of ours as the database prints it, under the columns' own names. */
export type OurRow = Readonly<Record<string, unknown>>;
/** A row as the provider keeps it. */
export type TheirRow = Readonly<Record<string, unknown>> & { readonly id: number };

/** The row of a table, with what tells one writing of it from another. */
interface KeptRow {
  row: OurRow;
  /** The transaction that wrote it last. */
  writer: string;
}

/** Everything as it stands at one moment. */
export interface Scene extends Omit<Watched, 'db' | 'now' | 'calls' | 'logged'> {
  at: number;
  calls: readonly ProviderCall[];
  logged: readonly string[];
  /** Every table of the product by name, every row of it. */
  tables: ReadonlyMap<string, readonly KeptRow[]>;
  strangers: readonly ShownStranger[];
}

/** Somebody who came without KiEX, as their employer is shown them. */
export interface ShownStranger {
  connectionId: string;
  jobId: string;
  /** Our id of the row. */
  id: string;
  candidateId: string | null;
  status: StageStatus;
}

/** What the page of each job shows, by the page's own reading. */
async function shownStrangers(
  db: Queryable,
  tables: Scene['tables'],
): Promise<readonly ShownStranger[]> {
  const kept = (tables.get('public_applicants') ?? []).map(({ row }) => row);
  const pages = new Map(kept.map((row) => [`${row.connection_id} ${row.job_id}`, row]));
  const shown: ShownStranger[] = [];
  for (const row of pages.values()) {
    const [connectionId, jobId] = [String(row.connection_id), String(row.job_id)];
    const page = await publicApplicantsOf(db, { connectionIds: [connectionId] }, jobId);
    for (const { id, candidateId, status } of page.applicants)
      shown.push({ connectionId, jobId, id, candidateId, status });
  }
  return shown;
}

export async function lookAt(watched: Watched): Promise<Scene> {
  const { db, now, simulator, accounts, budgetPerMinute, resources, ledger } = watched;
  const { pageResources = [] } = watched;
  const tables = new Map<string, KeptRow[]>();
  const names = await db.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public' order by tablename`,
  );
  for (const { name } of names.rows) {
    const rows = await db.execute<{ row: OurRow; writer: string }>(
      sql`select to_jsonb(kept) as row, kept.xmin::text as writer
        from ${sql.identifier(name)} as kept`,
    );
    tables.set(name, rows.rows);
  }
  return {
    at: now().getTime(),
    simulator,
    accounts,
    budgetPerMinute,
    resources,
    pageResources,
    ledger,
    tables,
    strangers: await shownStrangers(db, tables),
    calls: [...watched.calls()],
    logged: [...watched.logged()],
  };
}

/** A link as a judge reads it. */
export interface LinkRow {
  id: string;
  connection_id: string;
  resource: string;
  our_id: string;
  their_id: string | null;
  gone_at: string | null;
}

export const rowsOf = (scene: Scene, table: string): readonly OurRow[] => {
  const rows = scene.tables.get(table);
  if (!rows) throw new Error(`there is no table ${table}`);
  return rows.map(({ row }) => row);
};

export const linksOf = (scene: Scene): readonly LinkRow[] =>
  rowsOf(scene, 'links') as unknown as LinkRow[];

/** Links that say: these two are one. */
export const tiesOf = (scene: Scene) =>
  linksOf(scene).filter((link): link is LinkRow & { their_id: string } =>
    Boolean(link.their_id && !link.gone_at),
  );

/** Where the provider keeps each resource. */
const theirTables: Readonly<Record<string, TableName>> = {
  organizations: 'organizations',
  jobs: 'jobs',
  candidates: 'candidates',
  applications: 'matches',
  publicApplicants: 'matches',
  educations: 'educations',
  experiences: 'experiences',
};

/** Their row behind a link; undefined: it is not there. */
export function theirRowOf(scene: Scene, link: LinkRow): TheirRow | undefined {
  const accountId = accountOf(scene, link.connection_id);
  const table = theirTables[link.resource];
  if (accountId === null || !table || link.their_id === null) return undefined;
  if (isPage(scene, link.connection_id)) return rowOnPage(scene, accountId, link);
  const at = (name: TableName, id: string | undefined) =>
    theirRows(scene, accountId, name).find((row) => String(row.id) === id);
  const [first, below] = link.their_id.split('/');
  if (below === undefined) return at(table, first);
  // Below a candidate, the id names the candidate as well; nobody reaches it without.
  return at('candidates', first) && at(table, below);
}

/** A page shows jobs that are open and published, and nothing else. reference/manatal.md 11.1 */
function rowOnPage(scene: Scene, accountId: number, link: LinkRow): TheirRow | undefined {
  if (link.resource !== 'jobs') return undefined;
  const row = theirRows(scene, accountId, 'jobs').find(({ id }) => String(id) === link.their_id);
  const isShown = row?.status === 'active' && row.is_published === true;
  return isShown ? { ...row, currency_code: row.currency } : undefined;
}

/** Is the connection known by a page, without a key? */
export const isPage = (scene: Scene, connectionId: string): boolean =>
  scene.accounts.find((one) => one.connectionId === connectionId)?.way === 'page';

/** What the connector of a connection says of a resource. */
export const resourceOf = (
  scene: Scene,
  { connection_id, resource }: Pick<LinkRow, 'connection_id' | 'resource'>,
): ResourceConnector | undefined =>
  (isPage(scene, connection_id) ? (scene.pageResources ?? []) : scene.resources).find(
    ({ name }) => name === resource,
  );

export const keepsRowsOf = (resource: string): boolean => resource in theirTables;

export function theirRows(scene: Scene, accountId: number, table: TableName): readonly TheirRow[] {
  return scene.simulator.rows(accountId, table) as unknown as readonly TheirRow[];
}

export const accountOf = (scene: Scene, connectionId: string): number | null =>
  scene.accounts.find((one) => one.connectionId === connectionId)?.accountId ?? null;

/** The connection that a job came through. */
export const connectionOfJob = (scene: Scene, jobId: string): string | null =>
  linksOf(scene).find((link) => link.resource === 'jobs' && link.our_id === jobId)?.connection_id ??
  null;

/** What the key of an account makes carries this user as its creator. */
export const keyUserOf = (scene: Scene, accountId: number): number | undefined =>
  scene.simulator.accounts().find((account) => account.id === accountId)?.keyUser;

export const instantOf = (raw: unknown): number | null =>
  typeof raw === 'string' ? Date.parse(raw) : null;

/** Rows under a key that more than one of them has. */
export function doubled<Row>(rows: readonly Row[], keyOf: (row: Row) => string | null): Row[][] {
  const groups = Map.groupBy(rows, keyOf);
  return [...groups].flatMap(([key, group]) => (key !== null && group.length > 1 ? [group] : []));
}

export const isRecord = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);
