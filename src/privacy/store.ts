import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import { AGREEMENT_VERSION, type Category } from './agreement.ts';
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
