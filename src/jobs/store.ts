import { and, count, desc, eq, ne, type SQL, sql } from 'drizzle-orm';
import { organizations } from '#src/organizations/tables.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Db } from '#src/platform/database.ts';
import { foldQuery, foldText } from '#src/platform/words.ts';
import type { Job, JobCard } from './job.ts';
import {
  type CountedPlace,
  groupPlaces,
  type JobSearch,
  type PlaceGroup,
  placesMeant,
  type Sort,
} from './jobSearch.ts';
import { jobs, shownStatus } from './tables.ts';

export const JOBS_PER_PAGE = 20;

export interface JobChoices {
  places: PlaceGroup[];
  employmentTypes: { value: string; count: number }[];
  /** How many open jobs say that they are remote. */
  remote: number;
}

/** What may be asked about jobs. Only published jobs are ever told of, open ones unless said otherwise. */
export interface Jobs {
  search(search: JobSearch): Promise<{ jobs: JobCard[]; total: number; pages: number }>;
  /** Also jobs that have closed: their page says so. Never unpublished ones. */
  bySlug(slug: string): Promise<Job | null>;
  newest(limit: number): Promise<JobCard[]>;
  /** Open jobs most like this one. */
  similar(job: Pick<Job, 'id' | 'title' | 'city'>, limit: number): Promise<JobCard[]>;
  ofEmployer(employerSlug: string): Promise<JobCard[]>;
  choices(): Promise<JobChoices>;
  countOpen(): Promise<number>;
}

const EMPLOYER_JOBS_MAX = 200;

/** All SQL that reads jobs. Pay that the employer hides never leaves this file. */
export function createJobs({ db, clock }: { db: Db; clock: Clock }): Jobs {
  // Closed by time: the row may still say 'open' until the employer's side says otherwise.
  const open = () => {
    const now = clock.now();
    return sql`${jobs.status} = 'open' and ${jobs.shown} and ${jobs.asideAt} is null
      and (${jobs.closesAt} is null or ${jobs.closesAt} > ${now.toISOString()}::timestamptz)`;
  };
  const cards = (where: SQL | undefined, order: SQL[], limit: number, offset = 0) =>
    db
      .select(CARD)
      .from(jobs)
      .leftJoin(organizations, eq(organizations.id, jobs.organizationId))
      .where(where)
      .orderBy(...order, desc(jobs.id))
      .limit(limit)
      .offset(offset)
      .then((rows) => rows.map(toCard));
  const places = () => openPlaces(db, open());

  return {
    async search(search) {
      const where = and(
        open(),
        matches(search.text),
        search.employmentType ? eq(jobs.employmentType, search.employmentType) : undefined,
        search.remote ? eq(jobs.remote, true) : undefined,
        search.place ? inPlaces(placesMeant(await places(), search.place)) : undefined,
      );
      const [found, [counted]] = await Promise.all([
        cards(where, orderOf(search), JOBS_PER_PAGE, (search.page - 1) * JOBS_PER_PAGE),
        db.select({ total: count() }).from(jobs).where(where),
      ]);
      const total = counted?.total ?? 0;
      return { jobs: found, total, pages: Math.max(1, Math.ceil(total / JOBS_PER_PAGE)) };
    },

    async bySlug(slug) {
      if (!/^[a-z0-9-]+$/.test(slug)) return null;
      const [row] = await db
        .select({ ...CARD, ...REST })
        .from(jobs)
        .leftJoin(organizations, eq(organizations.id, jobs.organizationId))
        .where(and(eq(jobs.slug, slug), eq(jobs.shown, true)));
      if (!row) return null;
      const { descriptionHtml, address, headcount, status, published, updatedAt } = row;
      return { ...toCard(row), descriptionHtml, address, headcount, status, published, updatedAt };
    },

    newest: (limit) => cards(open(), [NEWEST], limit),

    similar(job, limit) {
      const words = foldText(job.title).split(' ').filter(Boolean).join(' or ');
      const alike = sql`websearch_to_tsquery('english', ${words})`;
      const nearby = sql`(${jobs.city} is not distinct from ${job.city})::int`;
      return cards(
        and(open(), ne(jobs.id, job.id), sql`(${jobs.search} @@ ${alike} or ${nearby} = 1)`),
        [sql`ts_rank(${jobs.search}, ${alike}) + 0.02 * ${nearby} desc`, NEWEST],
        limit,
      );
    },

    ofEmployer: (slug) =>
      cards(and(open(), eq(organizations.slug, slug)), [NEWEST], EMPLOYER_JOBS_MAX),

    async choices() {
      const [found, types, [remote]] = await Promise.all([
        places(),
        db
          .select({ value: jobs.employmentType, count: count() })
          .from(jobs)
          .where(open())
          .groupBy(jobs.employmentType)
          .orderBy(desc(count()), jobs.employmentType),
        db
          .select({ count: count() })
          .from(jobs)
          .where(and(open(), eq(jobs.remote, true))),
      ]);
      return {
        places: groupPlaces(found),
        employmentTypes: types.flatMap(({ value, count }) => (value ? [{ value, count }] : [])),
        remote: remote?.count ?? 0,
      };
    },

    async countOpen() {
      const [row] = await db.select({ total: count() }).from(jobs).where(open());
      return row?.total ?? 0;
    },
  };
}

const CARD = {
  id: jobs.id,
  slug: jobs.slug,
  title: jobs.title,
  employerName: organizations.name,
  employerSlug: organizations.slug,
  city: jobs.city,
  state: jobs.state,
  country: jobs.country,
  zipcode: jobs.zipcode,
  remote: jobs.remote,
  employmentType: jobs.employmentType,
  payMin: jobs.payMin,
  payMax: jobs.payMax,
  payCurrency: jobs.payCurrency,
  payPeriod: jobs.payPeriod,
  payVisible: jobs.payVisible,
  postedAt: jobs.postedAt,
  closesAt: jobs.closesAt,
};

const REST = {
  descriptionHtml: jobs.descriptionHtml,
  address: jobs.address,
  headcount: jobs.headcount,
  status: shownStatus,
  published: jobs.shown,
  updatedAt: jobs.updatedAt,
};

type CardRow = Omit<JobCard, 'employer' | 'pay'> & {
  employerName: string | null;
  employerSlug: string | null;
  payMin: string | null;
  payMax: string | null;
  payCurrency: string | null;
  payPeriod: string | null;
  payVisible: boolean;
};

function toCard(row: CardRow): JobCard {
  const { id, slug, title, city, state, country, zipcode, remote, employmentType } = row;
  const { employerName: name, employerSlug, postedAt, closesAt } = row;
  const employer = name && employerSlug ? { name, slug: employerSlug } : null;
  const pay = row.payVisible
    ? { min: row.payMin, max: row.payMax, currency: row.payCurrency, period: row.payPeriod }
    : null;
  const place = { city, state, country, zipcode };
  return { id, slug, title, employer, ...place, remote, employmentType, pay, postedAt, closesAt };
}

/**
 * Whole words as the language bends them; or the beginnings of words, for "recep" and for one still
 * being typed; or, when only stop words are left ("IT"), the words as they stand.
 */
function matches(typed: string): SQL | undefined {
  const query = foldQuery(typed);
  if (!query) return undefined;
  const whole = sql`websearch_to_tsquery('english', ${query})`;
  // With quotation marks or a minus the person has said exactly what they mean.
  if (/["-]/.test(query)) return sql`${jobs.search} @@ ${whole}`;
  const words = query.split(' ');
  const starts = words.map((word) => `${word}:*`).join(' & ');
  const standing = words.map((word) => `(?=.*\\m${word})`).join('');
  return sql`(${jobs.search} @@ ${whole}
    or ${jobs.search} @@ to_tsquery('simple', ${starts})
    or (numnode(${whole}) = 0 and ${jobs.searchText} ~ ${`^${standing}`}))`;
}

const NEWEST = sql`${jobs.postedAt} desc nulls last`;

const ORDERS: Record<Exclude<Sort, 'match'>, SQL[]> = {
  newest: [NEWEST],
  closing: [sql`${jobs.closesAt} asc nulls last`, NEWEST],
  // Compared by the year; pay that is hidden or not said comes last.
  pay: [
    sql`case when ${jobs.payVisible} then
      nullif(coalesce(nullif(${jobs.payMax}, 0), ${jobs.payMin}), 0)
      * case ${jobs.payPeriod} when 'hour' then 2080 when 'day' then 260
        when 'week' then 52 when 'month' then 12 else 1 end
      end desc nulls last`,
    NEWEST,
  ],
};

function orderOf(search: JobSearch): SQL[] {
  if (search.sort !== 'match') return ORDERS[search.sort];
  const query = foldQuery(search.text);
  // A word in the title says more than one in the text.
  return [
    sql`ts_rank(to_tsvector('english', ${jobs.title}), websearch_to_tsquery('english', ${query})) desc`,
    sql`ts_rank(${jobs.search}, websearch_to_tsquery('english', ${query})) desc`,
    NEWEST,
  ];
}

async function openPlaces(db: Db, open: SQL): Promise<CountedPlace[]> {
  const { city, state, country, zipcode } = jobs;
  return db
    .select({ city, state, country, zipcode, count: count() })
    .from(jobs)
    .where(open)
    .groupBy(city, state, country, zipcode);
}

/** Exactly these places. None at all matches nothing. */
function inPlaces(places: CountedPlace[]): SQL {
  const list = (part: 'city' | 'state' | 'country' | 'zipcode') =>
    sql.param(places.map((place) => place[part] ?? ''));
  return sql`(coalesce(${jobs.city}, ''), coalesce(${jobs.state}, ''),
    coalesce(${jobs.country}, ''), coalesce(${jobs.zipcode}, '')) in (
    select * from unnest(${list('city')}::text[], ${list('state')}::text[],
      ${list('country')}::text[], ${list('zipcode')}::text[]))`;
}
