import { Link } from 'react-router';

interface RecordLinkProps {
  resource: string | null;
  ourId: string | null;
  theirId: string | null;
}

/** A record's id, and the way to its whole story where it is one of ours. */
export function RecordLink({ resource, ourId, theirId }: RecordLinkProps) {
  const id = theirId ?? ourId;
  if (!id) return null;
  if (!resource || !ourId) return <code>{id}</code>;
  return (
    <Link to={`/staff/records/${resource}/${encodeURIComponent(ourId)}`}>
      <code>{id}</code>
    </Link>
  );
}
