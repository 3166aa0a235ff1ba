import { Link } from 'react-router';
import { useArea } from '#src/look/area.ts';

interface RecordLinkProps {
  resource: string | null;
  ourId: string | null;
  theirId: string | null;
}

/** A record's id, and the way to its whole story where it is one of ours. */
export function RecordLink({ resource, ourId, theirId }: RecordLinkProps) {
  const { isStaff } = useArea();
  const id = theirId ?? ourId;
  if (!id) return null;
  // The story holds values of people: it is for staff.
  if (!resource || !ourId || !isStaff) return <code>{id}</code>;
  return (
    <Link to={`/staff/records/${resource}/${encodeURIComponent(ourId)}`}>
      <code>{id}</code>
    </Link>
  );
}
