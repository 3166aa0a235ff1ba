import { and, eq } from 'drizzle-orm';
import { expect } from 'vitest';
import { contacts } from '#src/contacts/tables.ts';
import { links } from '#src/sync/tables.ts';
import type { TestWorld } from './testWorld.ts';

/** Somebody of the website, as its editor types them. */
export const person = (first: string, email: string, more: object = {}) => ({
  name: { first, last: 'Cruz' },
  emails: { items: [{ tag: 'MAIN', email, primary: true }] },
  ...more,
});

/** What tests of a website's people look at. */
export function websiteTown(world: () => TestWorld) {
  const ours = () => world().db.select().from(contacts).orderBy(contacts.createdAt, contacts.id);
  return {
    ours,
    /** Our one contact of this address. */
    async only(email: string) {
      const rows = (await ours()).filter((row) => row.email === email);
      expect(rows).toHaveLength(1);
      return rows[0]!;
    },
    /** Lets the next poll happen. */
    poll: () => world().advance(150, 10),
    async linkOf(ourId: string) {
      const of = and(eq(links.resource, 'contacts'), eq(links.ourId, ourId));
      return (await world().db.select().from(links).where(of))[0];
    },
  };
}
