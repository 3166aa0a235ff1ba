import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, numeric, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { organizations } from '#src/organizations/tables.ts';
import { instant, searchVector } from '#src/platform/columns.ts';

/** A job as students see it. */
export const jobs = pgTable(
  'jobs',
  {
    id: uuid().primaryKey(),
    slug: text().notNull().unique(),
    organizationId: uuid().references(() => organizations.id),
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
    published: boolean().notNull(),
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
    index('jobs_board').on(table.postedAt).where(sql`status = 'open' and published`),
    index('jobs_organization').on(table.organizationId),
  ],
);

/** The status as applicants see it. */
export const shownStatus = sql<string>`case when ${jobs.asideAt} is null then ${jobs.status} else 'closed' end`;
