import { and, eq, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import type { Value, Values } from './canonical.ts';
import type { CallContext } from './connector.ts';
import { isOf, type Link, type Of } from './links.ts';
import type { Parts } from './parts.ts';
import { links } from './tables.ts';

/**
 * Writes down that a create is sent, and what the look before it saw: if its end stays unknown, the
 * next look can tell a record of ours from an older one. Each time when it has left the line for the
 * quota and not before: to be stopped in that line leaves nothing in doubt. [I3]
 *
 * settleSeconds  for so long after it was sent, not finding it does not prove that it was not made.
 * writes         what it writes of fields in which only what we wrote is followed: what else stands there
 *                when it is found again, somebody has written since. [M1]
 * pending        what is known of earlier tries
 * call           to be made with it
 * sentAt         when it was last sent; null: it never left the line
 */
export function notedWhenSent(
  { db, newId, clock }: Pick<Parts, 'db' | 'newId' | 'clock'>,
  call: CallContext,
  create: Of & {
    ourId: string;
    intent: Readonly<Record<string, unknown>>;
    settleSeconds: number;
    writes?: Values;
    pending?: Link | null;
  },
): { call: CallContext; sentAt(): Date | null } {
  const { settleSeconds, writes = {}, pending = null, ...of } = create;
  // What stands in a record that was there before, and is gone, says nothing of this one.
  const sent = together(pending?.theirId ? null : (pending?.sent ?? null), writes);
  let sentAt: Date | null = null;
  return {
    call: {
      ...call,
      async stillWanted() {
        if (call.stillWanted && !(await call.stillWanted())) return false;
        sentAt = clock.now();
        const settlesAt = new Date(sentAt.getTime() + settleSeconds * 1_000);
        await noteCreate(db, { ...of, sent, settlesAt }, { newId, now: sentAt });
        return true;
      },
    },
    sentAt: () => sentAt,
  };
}

async function noteCreate(
  db: Queryable,
  create: Of & {
    ourId: string;
    intent: Readonly<Record<string, unknown>>;
    sent: Link['sent'];
    settlesAt: Date;
  },
  { newId, now }: { newId: NewId; now: Date },
): Promise<void> {
  const { intent, sent, settlesAt, ...of } = create;
  await db
    .insert(links)
    .values({
      id: newId(),
      ...of,
      sent,
      createIntent: intent,
      createSentAt: now,
      createSettlesAt: settlesAt,
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoUpdate({
      target: [links.connectionId, links.resource, links.ourId],
      // A look that knows of earlier tries notes them with its own.
      set: {
        sent: sql`excluded.sent`,
        createIntent: sql`excluded.create_intent`,
        createSentAt: sql`excluded.create_sent_at`,
        createSettlesAt: sql`excluded.create_settles_at`,
        fence: sql`${links.fence} + 1`,
      },
    });
}

/** When a create whose end is unknown will have been carried out, if ever; null: it was refused. */
export async function noteSettling(
  db: Queryable,
  of: Of & { ourId: string },
  settlesAt: Date | null,
): Promise<void> {
  await db
    .update(links)
    .set({ createSettlesAt: settlesAt })
    .where(and(isOf(of), eq(links.ourId, of.ourId)));
}

/**
 * Notes, before an update is sent, what it writes: if its answer is lost, what then stands there is
 * known to be ours. No agreement, so whoever read the link goes on.
 */
export async function noteSent(db: Queryable, link: Link, values: Values): Promise<void> {
  const sent = together(link.sent, values);
  await db.update(links).set({ sent }).where(eq(links.id, link.id));
}

/** field -> every value that we may have written there; null: none. */
function together(known: Link['sent'], values: Values): Link['sent'] {
  const sent: Record<string, Value[]> = { ...known };
  for (const [field, value] of Object.entries(values))
    if (!sent[field]?.includes(value)) sent[field] = [...(sent[field] ?? []), value];
  return Object.keys(sent).length > 0 ? sent : null;
}
