import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { kindWords, type PartKind, partKinds } from '#src/students/partKinds.ts';
import { profileParts } from '#src/students/tables.ts';
import type { OurRecord, Synced } from '#src/sync/synced.ts';
import { agreedCategories, arrivedWith } from './sharing.ts';

/**
 * One kind of profile row as the engine reads it: each row a record of its own below the candidate,
 * sent once the application stands there and only where its student shares the profile. [P1]
 */
function syncedPartsOf(kind: PartKind): Synced {
  return {
    resource: kind,

    async read(db, { connectionId }, ourIds) {
      if (ourIds.length === 0) return new Map();
      const rows = await db
        .select()
        .from(profileParts)
        .where(
          and(
            inArray(profileParts.id, ourIds),
            eq(profileParts.kind, kind),
            isNull(profileParts.removedAt),
          ),
        );
      const studentIds = [...new Set(rows.map(({ studentId }) => studentId))];
      const agreed = await agreedCategories(db, connectionId, studentIds);
      return new Map(
        rows.flatMap((row): [string, OurRecord][] => {
          const { id, studentId, version, values, updatedAt: changedAt } = row;
          if (!agreed.get(studentId)?.has('profile')) return [];
          return [[id, { id, version, values, changedAt, refs: { candidates: studentId } }]];
        }),
      );
    },

    due(connectionId) {
      // What cannot be changed there is done once it is there.
      const isNewer = kindWords[kind].isEditable
        ? sql`mine.agreed_version < part.version`
        : sql`false`;
      return sql`
        select part.id from profile_parts as part
        join links as candidate on candidate.connection_id = ${connectionId}
          and candidate.resource = 'candidates' and candidate.our_id = part.student_id
          and candidate.their_id is not null and candidate.gone_at is null
        left join links as mine on mine.connection_id = ${connectionId}
          and mine.resource = ${kind} and mine.our_id = part.id::text
        where part.kind = ${kind} and part.removed_at is null and mine.gone_at is null
          and (mine.their_id is null or ${isNewer})
          and ${arrivedWith({ studentId: sql`part.student_id`, connectionId, category: 'profile' })}
        order by part.created_at`;
    },

    topics: async () => [],
  };
}

/** Education, experience, skills and links. */
export const syncedParts: readonly Synced[] = partKinds.map(syncedPartsOf);
