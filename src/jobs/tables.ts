import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { organizations } from '#src/organizations/tables.ts';
import { instant, searchVector } from '#src/platform/columns.ts';
import { connections } from '#src/sync/tables.ts';

/** A job as students see it. */
export const jobs = pgTable(
  'jobs',
  {
    id: uuid().primaryKey(),
    slug: text().notNull().unique(),
    organizationId: uuid().references(() => organizations.id),
    /** The account that a job made here goes to; null: it came from one, or stays here. */
    connectionId: uuid().references(() => connections.id, { onDelete: 'set null' }),
    title: text().notNull(),
    /** Sanitised on the way in; safe to show. */
    descriptionHtml: text().notNull().default(''),
    /** full_time, part_time, … or another word the provider uses, kept as it is. [M7] */
    employmentType: text(),
    address: text(),
    city: text(),
    state: text(),
    country: text(),
    zipcode: text(),
    /** Null: not said. */
    remote: boolean(),
    payMin: numeric(),
    payMax: numeric(),
    payCurrency: text(),
    /** hour | day | week | month | year */
    payPeriod: text(),
    payVisible: boolean().notNull().default(false),
    headcount: integer(),
    /** open | paused | filled | closed | removed, or 'other:<their word>', treated as paused. [M7] */
    status: text().notNull(),
    /** As the employer's system says it; where no system has the job, false. */
    published: boolean().notNull(),
    /** What was decided here, where that is not for their system to say; null: nothing, so theirs holds. */
    publishedHere: boolean(),
    /** Do people see it? */
    shown: boolean().notNull().generatedAlwaysAs(sql`coalesce(published_here, published)`),
    /** What an account keeps beside all that, key by key as it came. */
    customFields: jsonb().$type<Record<string, unknown>>().notNull().default({}),
    postedAt: instant(),
    closesAt: instant(),
    /** Title, employer, place and text folded to plain letters; what the search reads. */
    searchText: text().notNull().default(''),
    search: searchVector().generatedAlwaysAs(sql`to_tsvector('english', search_text)`),
    /** Its employer's account was disconnected then: kept here as it was, closed for applicants. */
    asideAt: instant(),
    version: bigint({ mode: 'number' }).notNull().default(1),
    createdAt: instant().notNull(),
    updatedAt: instant().notNull(),
  },
  (table) => [
    index('jobs_search').using('gin', table.search),
    index('jobs_board').on(table.postedAt).where(sql`status = 'open' and shown`),
    index('jobs_organization').on(table.organizationId),
    index('jobs_connection').on(table.connectionId).where(sql`connection_id is not null`),
  ],
);

/** The status as applicants see it. */
export const shownStatus = sql<string>`case when ${jobs.asideAt} is null then ${jobs.status} else 'closed' end`;
