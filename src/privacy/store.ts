import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { Queryable, Tx } from '#src/platform/database.ts';
import {
  AGREEMENT_VERSION,
  CATEGORIES,
  type Category,
  WEBSITE_AGREEMENT_VERSION,
  WEBSITE_CATEGORIES,
} from './agreement.ts';
import { agreements } from './tables.ts';

export interface NewAgreement {
  id: string;
  studentId: string;
  applicationId: string;
  organizationId: string | null;
  categories: Category[];
  agreedAt: Date;
}

/** Writes down what a student agreed to share through one application, in the words of today. [P1] */
export async function recordAgreement(db: Queryable, agreement: NewAgreement): Promise<void> {
  await db
    .insert(agreements)
    .values({ ...agreement, provider: 'manatal', textVersion: AGREEMENT_VERSION });
}

/** What was agreed for one application ends with it: nothing more of it leaves. [P2] */
export async function withdrawAgreements(
  db: Queryable,
  { applicationId, at }: { applicationId: string; at: Date },
): Promise<void> {
  await db
    .update(agreements)
    .set({ withdrawnAt: at })
    .where(and(eq(agreements.applicationId, applicationId), isNull(agreements.withdrawnAt)));
}

/** The kinds of data that students agree to share through these applications, and have not withdrawn. */
export async function agreedTo(
  db: Queryable,
  applicationIds: string[],
): Promise<Map<string, ReadonlySet<string>>> {
  const rows = await db
    .select({ id: agreements.applicationId, categories: agreements.categories })
    .from(agreements)
    .where(
      and(
        inArray(agreements.applicationId, applicationIds),
        eq(agreements.provider, 'manatal'),
        isNull(agreements.withdrawnAt),
      ),
    );
  const agreed = new Map<string, Set<string>>();
  for (const { id, categories } of rows) {
    const known = agreed.get(id!) ?? new Set();
    for (const category of categories) known.add(category);
    agreed.set(id!, known);
  }
  return agreed;
}

/**
 * SQL, beside a row of `applications`: the student agreed that this goes to Manatal and has not
 * withdrawn it since. Everything of an application that leaves asks this, and nothing else. [P1] [P2]
 *
 * category  null: anything of it.
 */
export const standsAgreed = (category: Category | null): SQL => sql`exists (
  select from ${agreements} as agreed
  where agreed.application_id = applications.id and agreed.provider = 'manatal'
    and agreed.withdrawn_at is null
    and (${category}::text is null or ${category} = any (agreed.categories)))`;

/**
 * Puts what stands agreed for one application in another shape: what stood is withdrawn, as a whole,
 * and what stands from now on is written down anew, in the words of today. A row never changes its
 * meaning. [P2]
 *
 * change  gets what stood; null: leave it.
 * Returns  whether anything changed.
 */
export async function changeAgreement(
  tx: Tx,
  of: { id: string; studentId: string; applicationId: string; at: Date },
  change: (before: readonly Category[]) => readonly Category[] | null,
): Promise<boolean> {
  const rows = await tx
    .select()
    .from(agreements)
    .where(
      and(
        eq(agreements.applicationId, of.applicationId),
        eq(agreements.studentId, of.studentId),
        eq(agreements.provider, 'manatal'),
      ),
    )
    .for('update');
  const standing = rows.filter(({ withdrawnAt }) => withdrawnAt === null);
  const before = CATEGORIES.filter((one) => standing.some((row) => row.categories.includes(one)));
  const after = change(before);
  if (after === null) return false;
  const ids = standing.map(({ id }) => id);
  await tx.update(agreements).set({ withdrawnAt: of.at }).where(inArray(agreements.id, ids));
  if (after.length === 0) return true;
  const { id, studentId, applicationId, at } = of;
  // It was agreed to before, with somebody: with whom is the same.
  const organizationId = rows[0]?.organizationId ?? null;
  const categories = [...after];
  const agreed = { id, studentId, applicationId, organizationId, categories, agreedAt: at };
  await recordAgreement(tx, agreed);
  return true;
}

/** What stands agreed, by application. */
export async function standingCategories(
  db: Queryable,
  studentId: string,
): Promise<Map<string, Set<Category>>> {
  const rows = await db
    .select()
    .from(agreements)
    .where(and(eq(agreements.studentId, studentId), isNull(agreements.withdrawnAt)));
  const standing = new Map<string, Set<Category>>();
  for (const { applicationId, categories } of rows) {
    if (!applicationId) continue;
    const known = standing.get(applicationId) ?? new Set();
    for (const category of categories) known.add(category as Category);
    standing.set(applicationId, known);
  }
  return standing;
}

/**
 * SQL, beside a row of `applications`: the student agreed to share this with one of these employers,
 * or with a house that one of their accounts keeps, and has not withdrawn it since. What is agreed
 * with one employer shows nothing to another. [P1] [P2]
 */
export const agreedWith = (
  category: Category,
  {
    organizationIds,
    connectionIds,
  }: {
    organizationIds: readonly string[];
    connectionIds: readonly string[];
  },
): SQL => sql`exists (
  select from ${agreements} as agreed
  where agreed.application_id = applications.id and agreed.withdrawn_at is null
    and ${category} = any (agreed.categories)
    and (agreed.organization_id is null
      or agreed.organization_id = any (${sql.param([...organizationIds])}::uuid[])
      or exists (select from links where links.connection_id = any (${sql.param([...connectionIds])}::uuid[])
        and links.resource = 'organizations' and links.our_id = agreed.organization_id::text)))`;

/** What a student agreed to as a whole, and not for one application: to be known at a provider. */
interface Whole {
  studentId: string;
  provider: 'wix';
}

const ofWhole = ({ studentId, provider }: Whole) =>
  and(
    eq(agreements.studentId, studentId),
    eq(agreements.provider, provider),
    isNull(agreements.withdrawnAt),
  );

/** Does this student agree to it now? */
export async function agreesTo(db: Queryable, whole: Whole): Promise<boolean> {
  const rows = await db.select({ id: agreements.id }).from(agreements).where(ofWhole(whole));
  return rows.length > 0;
}

/** Writes down that a student agrees, in the words of today. [P1] */
export async function agreeTo(
  db: Queryable,
  agreed: Whole & { id: string; agreedAt: Date },
): Promise<void> {
  const textVersion = WEBSITE_AGREEMENT_VERSION;
  const categories = [...WEBSITE_CATEGORIES];
  await db.insert(agreements).values({ ...agreed, categories, textVersion });
}

/** From now on nothing more of it leaves. [P2] */
export async function withdrawFrom(
  db: Queryable,
  { at, ...whole }: Whole & { at: Date },
): Promise<void> {
  await db.update(agreements).set({ withdrawnAt: at }).where(ofWhole(whole));
}

/** SQL: the student of this id agrees to be known at a provider, and has not withdrawn it. [P1] [P2] */
export const standsAgreedByStudent = (provider: Whole['provider'], studentId: SQL): SQL =>
  sql`exists (select from ${agreements} as agreed where agreed.student_id = ${studentId}
    and agreed.provider = ${provider} and agreed.withdrawn_at is null)`;
