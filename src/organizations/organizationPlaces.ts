import { sql } from 'drizzle-orm';
import type { Queryable } from '#src/platform/database.ts';

/** An account that knows an employer. */
export interface OrganizationPlace {
  /** The connection's name. */
  label: string;
  provider: string;
  theirId: string;
  /** there: both sides agree. waiting: a change is on its way. problem: a person must look. gone: removed there. */
  state: 'there' | 'waiting' | 'problem' | 'gone';
}

type Row = OrganizationPlace & { our_id: string; their_id: string };

/** The accounts that know each of these employers, in the order of their names. */
export async function placesOf(
  db: Queryable,
  organizationIds: string[],
): Promise<Map<string, OrganizationPlace[]>> {
  if (organizationIds.length === 0) return new Map();
  // Links are read through their connection: their index begins with it.
  const { rows } = await db.execute<Row & Record<string, unknown>>(sql`
    select organizations.id as our_id, c.label, c.provider, link.their_id,
      case when link.gone_at is not null then 'gone'
        when exists (select from failures trouble where trouble.connection_id = c.id
          and trouble.resource = 'organizations' and trouble.our_id = link.our_id
          and trouble.state = 'dead') then 'problem'
        when link.agreed_version >= organizations.version then 'there'
        else 'waiting' end as state
    from organizations
    cross join connections c
    join links link on link.connection_id = c.id and link.resource = 'organizations'
      and link.our_id = organizations.id::text and link.their_id is not null
    where organizations.id = any (${sql.param(organizationIds)}::uuid[])
    order by c.label, c.id`);
  const places = new Map<string, OrganizationPlace[]>();
  for (const { our_id: ourId, their_id: theirId, label, provider, state } of rows) {
    places.set(ourId, [...(places.get(ourId) ?? []), { label, provider, theirId, state }]);
  }
  return places;
}
