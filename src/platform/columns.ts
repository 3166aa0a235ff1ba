import { customType, timestamp } from 'drizzle-orm/pg-core';

/** An instant with its zone, read and written as a `Date`. Times come from the clock, never from the database. */
export const instant = () => timestamp({ withTimezone: true, mode: 'date', precision: 3 });

/** A full-text search vector; only ever written by the database. */
export const searchVector = customType<{ data: string }>({ dataType: () => 'tsvector' });
