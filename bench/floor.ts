import pg from 'pg';
import { plainText, slugOf } from '#src/platform/words.ts';
import type { RemoteSimulator } from './simulator.ts';

const columns = `id, slug, organization_id, title, description_html, employment_type, address, city, state, country, zipcode,
  remote, pay_min, pay_max, pay_currency, pay_period, pay_visible, headcount, status, published,
  posted_at, closes_at, search_text, version, created_at, updated_at`;

/** One statement a page; the rows travel as one parameter, which PostgreSQL reads fastest. */
const upsert = `insert into jobs (${columns})
  select ${columns} from jsonb_populate_recordset(null::jobs, $1::jsonb)
  on conflict (id) do update set (${columns}) = (select ${columns
    .split(',')
    .map((name) => `excluded.${name.trim()}`)
    .join(', ')})`;

const employerId = '00000000-0000-7000-8000-000000000000';
const employer = `insert into organizations (id, slug, name, created_at, updated_at)
  values ('${employerId}', 'employer', 'Example Islands Employer', now(), now())`;

interface TheirJob {
  id: number;
  position_name: string;
  description: string;
  [field: string]: unknown;
}

/**
 * The least code that brings the same jobs into the same table: read a page, write its rows with one
 * statement, read the next. No links, no history, no checkpoint, no sanitising, no merging.
 *
 * Returns  milliseconds from before the first read to after the last write.
 */
export async function runFloor(simulator: RemoteSimulator, databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const began = performance.now();
  await client.query(employer);
  for (let page: number | null = 1; page !== null; ) {
    const address = `${simulator.manatalUrl}/jobs/?status=active&is_published=true&page=${page}&page_size=100`;
    const headers = { authorization: `Token ${simulator.key}` };
    const answer = await fetch(address, { headers });
    if (!answer.ok) throw new Error(`the simulator answered ${answer.status}`);
    const list = (await answer.json()) as { results: TheirJob[]; next: string | null };
    await client.query(upsert, [JSON.stringify(list.results.map(rowOf))]);
    page = list.next === null ? null : page + 1;
  }
  const milliseconds = performance.now() - began;
  await client.end();
  return milliseconds;
}

function rowOf(job: TheirJob) {
  // The same account and job give the same id, so that a second pass would write over it.
  const id = `00000000-0000-7000-8000-${String(job.id).padStart(12, '0')}`;
  const now = job.updated_at;
  return {
    id,
    slug: slugOf(job.position_name, id),
    organization_id: employerId,
    title: job.position_name,
    description_html: job.description,
    employment_type: job.contract_details,
    address: job.address,
    city: job.city,
    state: job.state,
    country: job.country,
    zipcode: job.zipcode,
    remote: job.is_remote,
    pay_min: job.salary_min,
    pay_max: job.salary_max,
    pay_currency: job.currency,
    pay_period: job.frequency,
    pay_visible: job.is_salary_visible,
    headcount: job.headcount,
    status: 'open',
    published: job.is_published,
    posted_at: job.open_at,
    closes_at: job.close_at,
    search_text: `${job.position_name} ${job.city} ${job.state} ${job.country} ${plainText(job.description)}`,
    version: 1,
    created_at: now,
    updated_at: now,
  };
}
