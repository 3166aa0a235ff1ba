import { Link } from 'react-router';
import { useArea } from '#src/look/area.ts';
import { Notice } from '#src/look/page.tsx';
import { Chip, Status } from '#src/look/status.tsx';
import { durationWords } from '#src/look/times.ts';
import { CONNECTION_STATE } from '#src/look/tones.ts';
import { useReading, When } from '#src/look/when.tsx';
import { ActionButton } from './actionButton.tsx';
import type { ConnectionSummary, ResourceState } from './dashboardRows.ts';
import { providerWords, resourceWords } from './labels.ts';
import { freshness, quotaWords } from './progress.ts';
import { QuotaChart } from './quotaChart.tsx';

interface ConnectionCardProps {
  connection: ConnectionSummary;
  targetSeconds: number;
  /** Resources that can be asked for, in the order they run. */
  readable: string[];
  /** It was connected in a way that cannot do everything. */
  isLacking?: boolean;
}

/** Nothing is read or sent in these states, and nothing is late. */
const STILL: ReadonlySet<string> = new Set(['paused', 'disconnecting', 'disconnected']);

/** One connection on the dashboard: state, freshness, quota, and the buttons that start a run. */
export function ConnectionCard({
  connection,
  targetSeconds,
  readable,
  isLacking = false,
}: ConnectionCardProps) {
  const { root, isStaff } = useArea();
  const isStill = STILL.has(connection.state);
  return (
    <article className="card snug connection">
      <header className="section-head">
        <div>
          <h3>
            <Link to={`${root}/integrations#${connection.id}`}>{connection.label}</Link>
          </h3>
          <p className="small muted">
            {[providerWords(connection.provider), connection.organizationName]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        <Status of={CONNECTION_STATE} status={connection.state} />
      </header>
      <StateReason connection={connection} />
      <ResourceTable {...{ connection, targetSeconds, readable }} />
      {isLacking && (
        <p className="small muted">
          No API key: jobs are read and applications sent; nothing comes back.{' '}
          <Link to={`${root}/integrations#${connection.id}`}>What is missing</Link>
        </p>
      )}
      <footer className="stack-tight">
        <QuotaLine connection={connection} />
        <MissedLine connection={connection} />
        <QuotaChart use={connection.use} callsPerMinute={connection.quota?.callsPerMinute ?? 0} />
        {!isStill && (
          <div className="cluster">
            <ActionButton fields={{ intent: 'sync', connectionId: connection.id, full: '1' }}>
              Compare everything
            </ActionButton>
            {isStaff && (
              <ActionButton
                fields={{ intent: 'preview', connectionId: connection.id }}
                label={`Preview a full comparison of ${connection.label}`}
              >
                Preview
              </ActionButton>
            )}
            <ActionButton
              fields={{ intent: 'sync', connectionId: connection.id }}
              className="small-button primary"
            >
              Sync now
            </ActionButton>
          </div>
        )}
      </footer>
    </article>
  );
}

function StateReason({ connection }: { connection: ConnectionSummary }) {
  const { root } = useArea();
  if (connection.state === 'needs_attention') {
    return (
      <Notice tone="bad" title={connection.stateReason ?? 'A person must act.'}>
        <Link to={`${root}/integrations#${connection.id}`}>Look at the connection</Link>
      </Notice>
    );
  }
  if (!connection.stateReason || connection.state === 'connected') return null;
  return (
    <Notice tone={CONNECTION_STATE[connection.state]?.tone ?? 'info'}>
      {connection.stateReason}
    </Notice>
  );
}

function ResourceTable({ connection, targetSeconds, readable }: ConnectionCardProps) {
  const isRead = (resource: string) => !connection.leftOut.includes(resource);
  const states = readable.filter(isRead).map(
    (resource): ResourceState =>
      connection.resources.find((state) => state.resource === resource) ?? {
        resource,
        lastDoneAt: null,
        lastFullAt: null,
        nextPollAt: null,
        linked: 0,
      },
  );
  const isPaused = STILL.has(connection.state);
  return (
    <table className="mini">
      <thead>
        <tr>
          <th scope="col">Resource</th>
          <th scope="col" title={`Should be at most ${durationWords(targetSeconds * 1000)} old`}>
            Freshness
          </th>
          <th scope="col" className="right">
            Linked
          </th>
          <th scope="col">
            <span className="unseen">Sync</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {states.map((state) => (
          <tr key={state.resource}>
            <th scope="row">{resourceWords(state.resource)}</th>
            <td>
              <FreshnessChip state={state} isPaused={isPaused} targetSeconds={targetSeconds} />
            </td>
            <td className="right">{state.linked.toLocaleString('en-US')}</td>
            <td className="right">
              {!isPaused && (
                <ActionButton
                  fields={{ intent: 'sync', connectionId: connection.id, resource: state.resource }}
                  className="small-button plain"
                  label={`Sync ${resourceWords(state.resource)} of ${connection.label} now`}
                >
                  Sync
                </ActionButton>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FreshnessChip({
  state,
  isPaused,
  targetSeconds,
}: {
  state: ResourceState;
  isPaused: boolean;
  targetSeconds: number;
}) {
  const { now } = useReading();
  const fresh = freshness(state.lastDoneAt, now, targetSeconds);
  // While paused nothing is late: the age is told without a judgement.
  return <Chip word={fresh.words} tone={isPaused ? 'still' : fresh.tone} />;
}

/** Which webhooks did not come; their changes were found by asking all the same. */
function MissedLine({ connection }: { connection: ConnectionSummary }) {
  if (connection.missed.length === 0) return null;
  const words = connection.missed.map(
    ({ event, lost, late }) =>
      `${event}: ${[lost > 0 && `${lost} lost`, late > 0 && `${late} late`].filter(Boolean).join(', ')}`,
  );
  return (
    <p className="small">
      <Chip word="Webhooks missed in 24 h" tone="warn" /> {words.join(' · ')}
    </p>
  );
}

function QuotaLine({ connection }: { connection: ConnectionSummary }) {
  const { now } = useReading();
  const quota = connection.quota && quotaWords(connection.quota, now);
  return (
    <p className="small muted">
      {quota && <>Quota: {quota.words}</>}
      {quota && connection.lastHeardAt && ' · '}
      {connection.lastHeardAt && (
        <>
          webhook <When at={connection.lastHeardAt} />
        </>
      )}
    </p>
  );
}
