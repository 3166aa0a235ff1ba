import { eq } from 'drizzle-orm';
import type { Queryable, Tx } from '#src/platform/database.ts';
import { isUuid } from '#src/platform/random.ts';
import { record } from '#src/sync/activity.ts';
import { anything, type Values } from '#src/sync/canonical.ts';
import { type CustomFields, customName } from './customFields.ts';
import {
  changeErrors,
  editableFields,
  editableValues,
  type JobChanges,
  readJobChanges,
} from './jobChanges.ts';
import type { EditAnswer, Editor, JobEditingNeeds } from './jobEditing.ts';
import { type StoredJob, syncedJobs } from './synced.ts';
import { jobs } from './tables.ts';

/**
 * A stored job as people edit it. Where publishing here publishes there too, there is one state; where
 * it does not, what was decided here stands beside what their system says.
 */
export async function standingOf(
  { reaches }: Pick<JobEditingNeeds, 'reaches'>,
  db: Queryable,
  row: StoredJob & { shown: boolean },
): Promise<{ values: Values; publishesThere: boolean }> {
  const of = { jobId: row.id, field: 'published', to: row.connectionId } as const;
  const publishesThere = await reaches(db, of);
  const values = editableValues(row);
  return {
    values: publishesThere ? { ...values, publishedHere: row.shown } : values,
    publishesThere,
  };
}

/** The one transaction of an edit: the changed row, its line of history, and the order to push it. */
export async function writeEdit(
  needs: JobEditingNeeds,
  jobId: string,
  typed: JobChanges,
  person: Editor & { version?: number; custom?: CustomFields },
): Promise<EditAnswer> {
  const { by, version, custom = {} } = person;
  const read = readJobChanges(typed);
  if (!read.ok) return { ...read, reason: 'fields' };
  if (!isUuid(jobId)) return { ok: false, reason: 'unknown job' };
  return needs.db.transaction(async (tx): Promise<EditAnswer> => {
    const [row] = await tx.select().from(jobs).where(eq(jobs.id, jobId)).for('update');
    if (!row) return { ok: false, reason: 'unknown job' };
    if (version !== undefined && row.version !== version) return { ok: false, reason: 'moved on' };
    const { values: before, publishesThere } = await standingOf(needs, tx, row);
    const changed = editableFields.filter(
      (name) => name in read.values && read.values[name] !== before[name],
    );
    const values = Object.fromEntries(changed.map((name) => [name, read.values[name]!]));
    const errors = changeErrors(before, values);
    if (Object.keys(errors).length > 0) return { ok: false, reason: 'fields', errors };
    const keys = changedKeys(row.customFields, custom);
    const names = [...changed, ...Object.keys(keys)];
    if (names.length === 0) return { ok: true, changed: names };
    const stored = { ...publishing(values, publishesThere), ...keys };
    await keep(needs, tx, { row, values: stored, names, by });
    return { ok: true, changed: names };
  });
}

/** Where publishing travels, what is decided here is theirs too, and nothing else is remembered. */
function publishing(values: Values, publishesThere: boolean): Values {
  if (!('publishedHere' in values) || !publishesThere) return values;
  const { publishedHere, ...rest } = values;
  return { ...rest, published: publishedHere === true, publishedHere: null };
}

/** Keys that stand there already, with what they are to hold now. Others are not made here. */
function changedKeys(before: CustomFields, custom: CustomFields): Values {
  const changed: [string, Values[string]][] = [];
  for (const [key, raw] of Object.entries(custom)) {
    const [was, is] = [anything(before[key]), anything(raw)];
    if (!(key in before) || !('value' in was) || !('value' in is)) continue;
    if (was.value !== is.value) changed.push([customName(key), is.value]);
  }
  return Object.fromEntries(changed);
}

async function keep(
  { clock, newId, live, announce }: JobEditingNeeds,
  tx: Tx,
  { row, values, names, by }: { row: StoredJob; values: Values; names: string[]; by: string },
): Promise<void> {
  const now = clock.now();
  const context = { connectionId: '', organizationId: null, now };
  const write = { ourId: row.id, version: row.version, values, refs: {} };
  await syncedJobs.write!(tx, context, [write]);
  const line = {
    connectionId: null,
    resource: 'jobs',
    ourId: row.id,
    door: 'staff' as const,
    direction: 'none' as const,
    action: 'edited',
    ok: true,
    fields: names,
    detail: `by ${by}`,
  };
  await record(tx, [line], { newId, now });
  await announce(tx, { jobId: row.id, to: row.connectionId });
  await live.publish('jobs', tx);
}
