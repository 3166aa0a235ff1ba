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
    ...keptValues(writing, values),
    job_pipeline: pipeline,
    created_at: stamp,
    updated_at: stamp,
  };
  return { ok: true, row: row as unknown as JobRow };
}

/** What is kept of the values sent: as they came, or the text as a rich-text editor writes it. */
export function keptValues({ core }: Writing, values: Values): Values {
  const { description } = values;
  if (!core.switches().tidiesText || typeof description !== 'string') return values;
  return { ...values, description: editorsSpelling(description) };
}

/** The same text to every reader: other breaks, named spaces, links that open a window, gaps. */
function editorsSpelling(html: string): string {
  return html
    .replaceAll('<br />', '<br>')
    .replaceAll('\u00a0', '&nbsp;')
    .replace(/<a href="([^"]*)"[^>]*>/g, '<a target="_blank" href="$1" rel="noopener noreferrer">')
    .replace(/(<\/(?:p|ul|ol|li|h[234]|blockquote)>)/g, '$1\n');
}

const HASH_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789';

/** Six letters and figures, as they stand in public addresses. [S] */
export function makeHash({ core }: Writing): string {
  const letter = () => HASH_LETTERS[core.random.integer(HASH_LETTERS.length)];
  return Array.from({ length: 6 }, letter).join('');
}
