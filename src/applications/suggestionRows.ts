import { and, eq, inArray, notInArray } from 'drizzle-orm';
import type { Queryable, Tx } from '#src/platform/database.ts';
import { students } from '#src/students/tables.ts';
import { isTerritory } from '#src/students/territories.ts';
import type { Seen, WriteContext } from '#src/sync/synced.ts';
import { connections } from '#src/sync/tables.ts';
import { agreedCategories } from './sharing.ts';
import { decideOffers, type Move } from './suggestion.ts';
import { offersSuggestions } from './suggestionOption.ts';
import { suggestions } from './tables.ts';

/** What was read of students at an account: kept where it is to be offered, and forgotten where not. */
export async function noteTheirs(
  db: Queryable,
  { connectionId, now }: WriteContext,
  seen: readonly Seen[],
): Promise<void> {
  const ids = seen.map(({ ourId }) => ourId);
  const of = and(eq(suggestions.connectionId, connectionId), inArray(suggestions.studentId, ids));
  if (!(await mayOffer(db, connectionId))) {
    await db.delete(suggestions).where(of);
    return;
  }
  const agreed = await agreedCategories(db, connectionId, ids);
  const territories = await territoriesOf(db, ids);
  const rows = Map.groupBy(await db.select().from(suggestions).where(of), (row) => row.studentId);
  for (const { ourId: studentId, ...sides } of seen) {
    const known = new Map((rows.get(studentId) ?? []).map((row) => [row.field, row]));
    const shared = agreed.get(studentId) ?? new Set();
    const territory = territories.get(studentId) ?? null;
    for (const move of decideOffers(sides, { known, shared, territory }))
      await store(db, { connectionId, studentId, at: now }, move);
  }
}

async function mayOffer(db: Queryable, connectionId: string): Promise<boolean> {
  const { settings } = connections;
  const [row] = await db
    .select({ settings })
    .from(connections)
    .where(eq(connections.id, connectionId));
  return row !== undefined && offersSuggestions(row.settings);
}

async function territoriesOf(db: Queryable, ids: string[]) {
  const { userId, territory } = students;
  const rows = await db.select({ userId, territory }).from(students).where(inArray(userId, ids));
  return new Map(
    rows.map((row) => [row.userId, isTerritory(row.territory) ? row.territory : null]),
  );
}

async function store(
  db: Queryable,
  of: { connectionId: string; studentId: string; at: Date },
  { field, offer }: Move,
): Promise<void> {
  const { connectionId, studentId, at } = of;
  if (offer === null) {
    await db.delete(suggestions).where(isOne({ connectionId, studentId, field }));
    return;
  }
  const fresh = { value: offer, state: 'offered', at } as const;
  await db
    .insert(suggestions)
    .values({ connectionId, studentId, field, ...fresh })
    .onConflictDoUpdate({
      target: [suggestions.connectionId, suggestions.studentId, suggestions.field],
      set: fresh,
    });
}

/** SQL: this one suggestion. */
export const isOne = (of: { connectionId: string; studentId: string; field: string }) =>
  and(
    eq(suggestions.connectionId, of.connectionId),
    eq(suggestions.studentId, of.studentId),
    eq(suggestions.field, of.field),
  );

/** Forgets, answers and all, what a student does not share any more with an account. [P2] */
export async function forgetUnshared(tx: Tx, studentId: string): Promise<void> {
  const rows = await tx
    .selectDistinct({ connectionId: suggestions.connectionId })
    .from(suggestions)
    .where(eq(suggestions.studentId, studentId));
  for (const { connectionId } of rows) {
    const agreed = (await agreedCategories(tx, connectionId, [studentId])).get(studentId);
    const of = and(
      eq(suggestions.connectionId, connectionId),
      eq(suggestions.studentId, studentId),
      notInArray(suggestions.field, [...(agreed ?? [])]),
    );
    await tx.delete(suggestions).where(of);
  }
}

/** Nothing is read over this connection any more, so nothing of it is known. */
export async function forgetAccount(tx: Tx, connectionId: string): Promise<void> {
  await tx.delete(suggestions).where(eq(suggestions.connectionId, connectionId));
}
