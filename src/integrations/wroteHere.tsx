import { Link } from 'react-router';
import { useArea } from '#src/look/area.ts';
import { Section } from '#src/look/page.tsx';
import type { WroteHere } from './records.ts';

const counted = (count: number, one: string) =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : `${one}s`}`;

/** On a run's page: how much it wrote into KiEX, and the way back. */
export function WroteHereSection({ runId, wrote }: { runId: string; wrote: WroteHere }) {
  const { isStaff } = useArea();
  if (wrote.records === 0) return null;
  return (
    <Section
      title="What this run wrote here"
      aside={
        isStaff && (
          <Link className="button small-button" to={`/staff/sync/runs/${runId}/undo`}>
            Take back…
          </Link>
        )
      }
    >
      <p>
        {counted(wrote.writes, 'write')} to {counted(wrote.records, 'record')} of KiEX.
        {wrote.takenBack > 0 && ` ${counted(wrote.takenBack, 'record')} taken back.`}
      </p>
      {isStaff && (
        <p className="quiet-text">
          The values that stood here before are kept. They can be put back where nobody changed them
          since; nothing is sent to the provider for it.
        </p>
      )}
    </Section>
  );
}
