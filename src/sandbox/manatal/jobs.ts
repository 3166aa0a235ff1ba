import type { Outcome, Values, Writing } from './records.ts';
import type { JobRow } from './rows.ts';

/** A new job with the defaults of the service. Source: reference/manatal.md 9.3 */
export function makeJob(writing: Writing, values: Values): Outcome<JobRow> {
  const { core, account, user } = writing;
  const pipeline = values.job_pipeline ?? core.store.table(account.id, 'pipelines').rows[0]?.id;
  const stamp = core.stamp();
  const row = {
    id: core.store.nextId(account.id, 'jobs'),
    external_id: null,
    hash: makeHash(writing),
    organization: null,
    position_name: '',
    description: null,
    headcount: 1,
    creator: user,
    owner: user,
    salary_min: null,
    salary_max: null,
    currency: null,
    frequency: null,
    is_salary_visible: false,
    contract_details: null,
    status: 'active',
    is_published: false,
    is_pinned_in_career_page: false,
    is_remote: null,
    address: null,
    zipcode: null,
    city: null,
    state: null,
    country: null,
    industry: null,
    open_at: null,
    close_at: null,
    expected_close_at: null,
    custom_fields: {},
    ...values,
    job_pipeline: pipeline,
    created_at: stamp,
    updated_at: stamp,
  };
  return { ok: true, row: row as unknown as JobRow };
}

const HASH_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';

/** Six letters and figures, as they stand in public addresses. [S] */
export function makeHash({ core }: Writing): string {
  const letter = () => HASH_LETTERS[core.random.integer(HASH_LETTERS.length)];
  return Array.from({ length: 6 }, letter).join('');
}
