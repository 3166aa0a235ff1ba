import { done, type Result } from '#src/platform/failure.ts';
import type { CallContext, Cursor, Page, Surprise, TheirRecord } from '#src/sync/connector.ts';
import type { WixClient } from './client.ts';
import { contactsPath, type ReadContact } from './contactReading.ts';
import { earlier, listIn, sortableTime, totalIn } from './reading.ts';

/** As many as the engine works on at once; theirs may have a thousand. reference/wix.md 2.2 */
const pageSizeMax = 100;
/** Another sweep asks for smaller pages, so that rows fall into other ones. */
const pageSizeOf = (sweep: number) => Math.max(50, pageSizeMax - 7 * (sweep - 1));
/** A contact that is deleted meanwhile moves all behind it up by one: pages overlap. 3.6 */
const overlapRows = 5;
/** The index lags behind, and what changes while pages are read may enter late. 3.6, 3.7 */
const overlapSeconds = 300;
const settlesSeconds = 120;

/**
 * One page of contacts in the order they were made, which is the only one that stands still: the time
 * of a change filters and does not sort. 3.6
 *
 * since  those changed at or after it, with some overlap; null: all.
 */
export async function listContacts(
  client: WixClient,
  context: CallContext,
  {
    since,
    cursor,
    read,
  }: { since: string | null; cursor: Cursor | null; read(raw: unknown): ReadContact },
): Promise<Result<Page>> {
  const offset = Number(cursor?.offset ?? 0);
  const sweep = Number(cursor?.sweep ?? 1);
  const limit = pageSizeOf(sweep);
  const filter = since ? { updatedDate: { $gte: earlier(since, overlapSeconds) } } : {};
  const sort = [{ fieldName: 'createdDate', order: 'ASC' }];
  const query = { filter, sort, paging: { limit, offset }, fieldsets: ['FULL'] };
  const answer = await client.call(context, {
    method: 'POST',
    path: `${contactsPath}/query`,
    body: { query },
  });
  if (!answer.ok) return answer;
  const rows = listIn(answer.value, 'contacts');
  if (!rows.ok) return rows;
  const records: TheirRecord[] = [];
  const surprises: Surprise[] = [];
  for (const raw of rows.value) {
    const row = read(raw);
    if ('record' in row) records.push(row.record);
    else surprises.push(row.surprise);
  }
  const count = rows.value.length;
  const total = totalIn(answer.value);
  const more = count > 0 && (total === null ? count >= limit : offset + count < total);
  const began = beginning(cursor, { answeredAt: answer.answeredAt ?? null, records });
  // A first page alone was read at the beginning.
  const settled = cursor?.began ? null : secondsBefore(answer.answeredAt, settlesSeconds);
  return done({
    ...{ records, surprises, total },
    next: more
      ? { offset: offset + Math.max(1, count - overlapRows), sweep, ...(began && { began }) }
      : null,
    ...(began && { atMost: began }),
    ...(settled && { settledUntil: settled }),
  });
}

/** By their clock, when the first page was read; by its newest change where they do not say. */
function beginning(
  cursor: Cursor | null,
  { answeredAt, records }: { answeredAt: Date | null; records: TheirRecord[] },
): string | null {
  if (typeof cursor?.began === 'string') return cursor.began;
  if (answeredAt) return secondsBefore(answeredAt, 0);
  const changes = records.flatMap(({ changedAt }) => changedAt ?? []);
  return changes.sort().at(-1) ?? null;
}

const secondsBefore = (at: Date | null | undefined, seconds: number): string | null =>
  at ? sortableTime(new Date(at.getTime() - seconds * 1_000).toISOString()) : null;
