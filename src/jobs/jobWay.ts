import { sql } from 'drizzle-orm';
import { providerWords } from '#src/look/providerWords.ts';
import type { Queryable } from '#src/platform/database.ts';

/** How far what KiEX says of a job has come at the employer's system. */
export interface JobWay {
  /**
   * here: it is kept in KiEX only. waiting: a change is on its way. there: both sides agree.
   * problem: a person must look. gone: it no longer exists there. apart: its account was disconnected.
   */
  state: 'here' | 'waiting' | 'there' | 'problem' | 'gone' | 'apart';
  /** The provider's name for people; null when the job is in none. */
  provider: string | null;
  theirId: string | null;
  /** When both sides last agreed. */
  agreedAt: Date | null;
}

type WayRow = {
  job_id: string;
  provider: string;
  their_id: string | null;
  gone: boolean;
  agreed: boolean;
  agreed_at: string | null;
  dead: boolean;
  apart: boolean;
};

/** The way of each of these jobs. What waits or fails on one connection counts before what is done. */
export async function waysOf(db: Queryable, jobIds: string[]): Promise<Map<string, JobWay>> {
  const ways = new Map<string, JobWay>(jobIds.map((id) => [id, nowhere]));
  if (jobIds.length === 0) return ways;
  // Links are read through their connection: their index begins with it.
  const { rows } = await db.execute<WayRow>(sql`
    select distinct on (jobs.id) jobs.id as job_id, c.provider, link.their_id,
      link.gone_at is not null as gone, ${agreed} as agreed,
      extract(epoch from link.updated_at) * 1000 as agreed_at, trouble.id is not null as dead,
      c.state in ('disconnecting', 'disconnected') as apart
    from jobs
    cross join connections c
    left join links link on link.connection_id = c.id and link.resource = 'jobs'
      and link.our_id = jobs.id::text
    left join failures trouble on trouble.connection_id = c.id and trouble.resource = 'jobs'
      and trouble.our_id = jobs.id::text and trouble.state = 'dead'
    where jobs.id = any (${sql.param(jobIds)}::uuid[])
      and (link.id is not null or jobs.connection_id = c.id)
    order by jobs.id, apart, trouble.id is not null desc, ${agreed},
      link.gone_at is null desc, c.id`);
  for (const row of rows) ways.set(row.job_id, wayOf(row));
  return ways;
}

// One that is meant for an account and has no tie to it yet is on its way there.
const agreed = sql`coalesce(link.their_id is not null and link.agreed_version >= jobs.version, false)`;

const nowhere: JobWay = { state: 'here', provider: null, theirId: null, agreedAt: null };

function wayOf(row: WayRow): JobWay {
  const provider = providerWords(row.provider);
  const agreedAt = row.agreed_at === null ? null : new Date(Number(row.agreed_at));
  const shared = { provider, theirId: row.their_id, agreedAt };
  if (row.apart) return { ...shared, state: 'apart' };
  if (row.gone) return { ...shared, state: 'gone' };
  if (row.dead) return { ...shared, state: 'problem' };
  return { ...shared, state: row.agreed ? 'there' : 'waiting' };
}

/** 'In Manatal': said only when Manatal answered for exactly this version. [F6] */
export function wayWords({ state, provider }: JobWay): string {
  if (state === 'here') return 'Only in KiEX';
  if (state === 'there') return `In ${provider}`;
  if (state === 'apart') return `${provider} disconnected`;
  if (state === 'waiting') return `On its way to ${provider}`;
  return state === 'gone' ? `No longer in ${provider}` : `Not taken by ${provider}`;
}
