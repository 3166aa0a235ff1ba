import { Link } from 'react-router';
import { Section } from '#src/look/page.tsx';
import type { PreviewRecord } from '#src/sync/trailTables.ts';
import { PreviewTable } from './previewList.tsx';

/** On the page of a run that carries a preview out: the way to it, and what was left. */
export function AppliedPreview({
  previewId,
  resource,
  left,
}: {
  previewId: string;
  resource: string;
  left: PreviewRecord[];
}) {
  return (
    <Section
      title="Left as it was"
      aside={<Link to={`/staff/sync/runs/${previewId}/preview`}>The whole preview</Link>}
    >
      {left.length > 0 ? (
        <PreviewTable resource={resource} records={left} />
      ) : (
        <p className="muted">Nothing so far: every record was as in the preview.</p>
      )}
    </Section>
  );
}
