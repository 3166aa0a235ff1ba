import { and, eq, notInArray } from 'drizzle-orm';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Tx } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { agreesTo, agreeTo, withdrawFrom } from '#src/privacy/store.ts';
import { lockStudent } from '#src/students/store.ts';
import { endedStates } from '#src/sync/connections.ts';
import { connections } from '#src/sync/tables.ts';
import { contactOfStudent, keepStudentContact } from './studentContact.ts';

/** A student's switch: to be known on the website of the people behind KiEX, or not. */
export interface WebsiteSharing {
  /** Null where there is nothing to choose: no website is connected, and nothing was agreed to. */
  of(studentId: string): Promise<{ isAgreed: boolean } | null>;
  /**
   * Agrees, or withdraws at once: what waits to be sent is dropped, and that is written down. What the
   * website has it keeps. [P1] [P2] [A2]
   */
  choose(studentId: string, isAgreed: boolean): Promise<void>;
}

export interface WebsiteSharingNeeds {
  db: Db;
  clock: Clock;
  newId: NewId;
  /** Orders the push of a contact to every website, in the transaction that changes it. [D6] */
  announce(tx: Tx, contactId: string): Promise<void>;
  /** Makes the change, and writes down what waited to be sent and is not sent any more. */
  dropPushes(tx: Tx, contactId: string, change: () => Promise<void>): Promise<void>;
}

export function createWebsiteSharing(needs: WebsiteSharingNeeds): WebsiteSharing {
  const { db } = needs;
  return {
    async of(studentId) {
      const isAgreed = await agreesTo(db, { studentId, provider: 'wix' });
      if (isAgreed) return { isAgreed };
      const living = notInArray(connections.state, [...endedStates]);
      const websites = await db
        .select({ id: connections.id })
        .from(connections)
        .where(and(eq(connections.provider, 'wix'), living))
        .limit(1);
      return websites.length > 0 ? { isAgreed } : null;
    },

    choose: (studentId, isAgreed) =>
      db.transaction(async (tx) => {
        // Two answers of one student come one after the other.
        await lockStudent(tx, studentId);
        if ((await agreesTo(tx, { studentId, provider: 'wix' })) === isAgreed) return;
        await (isAgreed ? agree : withdraw)(needs, tx, studentId);
      }),
  };
}

async function agree(needs: WebsiteSharingNeeds, tx: Tx, studentId: string): Promise<void> {
  const { clock, newId, announce } = needs;
  const now = clock.now();
  await agreeTo(tx, { id: newId(), studentId, provider: 'wix', agreedAt: now });
  const contactId = await keepStudentContact(tx, { studentId, isNew: true }, { newId, now });
  if (contactId) await announce(tx, contactId);
}

async function withdraw(needs: WebsiteSharingNeeds, tx: Tx, studentId: string): Promise<void> {
  const at = needs.clock.now();
  const change = () => withdrawFrom(tx, { studentId, provider: 'wix', at });
  const contact = await contactOfStudent(tx, studentId);
  if (contact) await needs.dropPushes(tx, contact.id, change);
  else await change();
}
