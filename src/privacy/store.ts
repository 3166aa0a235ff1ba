import { and, eq, isNull } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';
import { AGREEMENT_VERSION, CATEGORIES, type Category } from './agreement.ts';
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

/**
 * What may go to Manatal about this application now: empty when nothing was agreed to, or when
 * the student has withdrawn it. [P1] [P2]
 */
export async function categoriesAgreed(
  db: Queryable,
  applicationId: string,
): Promise<ReadonlySet<Category>> {
  const rows = await db
    .select({ categories: agreements.categories })
    .from(agreements)
    .where(
      and(
        eq(agreements.applicationId, applicationId),
        eq(agreements.provider, 'manatal'),
        isNull(agreements.withdrawnAt),
      ),
    );
  const agreed = new Set(rows.flatMap((row) => row.categories));
  return new Set(CATEGORIES.filter((category) => agreed.has(category)));
}
