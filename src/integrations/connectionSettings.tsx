import { Link, useNavigation } from 'react-router';
import { useArea } from '#src/look/area.ts';
import { Notice } from '#src/look/page.tsx';
import { Status } from '#src/look/status.tsx';
import { CONNECTION_STATE } from '#src/look/tones.ts';
import { When } from '#src/look/when.tsx';
import { ActionButton } from './actionButton.tsx';
import type { FieldErrors, Offer, ProbeLine } from './commands.ts';
import type { ConnectionSummary } from './dashboardRows.ts';
import { providerWords } from './labels.ts';
import { Lacks } from './lacks.tsx';
import { ProbeLines } from './probeLines.tsx';
import { ReplaceKey } from './replaceKey.tsx';

interface ConnectionSettingsProps {
  connection: ConnectionSummary;
  resources: { name: string; label: string }[];
  /** How such an account is connected; null for a provider that KiEX does not know any more. */
  offer: Offer | null;
  /** What a form of this card just answered. */
  answer: { lines: ProbeLine[] | null; errors: FieldErrors } | null;
}

/** One connection: what it is, how it does, and what can be done with it. */
export function ConnectionSettings({
  connection,
  resources,
  offer,
  answer,
}: ConnectionSettingsProps) {
  const { root } = useArea();
  return (
    <article className="card stack" id={connection.id} aria-label={connection.label}>
      <header className="section-head">
        <h2>{connection.label}</h2>
        <Status of={CONNECTION_STATE} status={connection.state} />
      </header>
      <StateNotice connection={connection} />
      <Facts connection={connection} resources={resources} offer={offer} />
      {offer?.lacks && <Lacks lacks={offer.lacks} />}
      {answer?.lines && <ProbeLines lines={answer.lines} />}
      {!isOver(connection) && (
        <Buttons connection={connection} isWebsite={offer?.isPlatforms ?? false} />
      )}
      {connection.state !== 'disconnecting' && (
        <div className="cluster">
          <ReplaceKey
            connection={connection}
            publicName={offer?.publicName ?? null}
            error={answer?.errors.key}
          />
          {!isOver(connection) && (
            <Link className="button plain" to={`${root}/integrations/${connection.id}/disconnect`}>
              Disconnect…
            </Link>
          )}
        </div>
      )}
    </article>
  );
}

const isOver = ({ state }: ConnectionSummary) =>
  state === 'disconnecting' || state === 'disconnected';

function StateNotice({ connection }: { connection: ConnectionSummary }) {
  const { state, stateReason } = connection;
  if (state === 'connected') return null;
  const words = stateReason ?? STATE_WORDS[state];
  return words ? <Notice tone={CONNECTION_STATE[state]?.tone ?? 'info'} title={words} /> : null;
}

const STATE_WORDS: Record<string, string> = {
  not_tested: 'Not tested yet. Test Connection says what works.',
  paused: 'Paused: nothing is read or sent. What waits is kept.',
  needs_attention: 'A person must act before this goes on.',
};

function Facts({ connection, resources, offer }: Omit<ConnectionSettingsProps, 'answer'>) {
  const { root } = useArea();
  return (
    <dl className="facts across">
      <div>
        <dt>Provider</dt>
        <dd>{providerWords(connection.provider)}</dd>
      </div>
      <div>
        <dt>Employer</dt>
        <dd>{connection.organizationName ?? 'The platform itself'}</dd>
      </div>
      <div>
        <dt>{offer?.publicName ?? 'Key'}</dt>
        <dd>
          {connection.keyLastFour ? (
            <>
              {!offer?.publicName && 'ends in '}
              <code>{connection.keyLastFour}</code>
            </>
          ) : (
            'Destroyed'
          )}
        </dd>
      </div>
      <div>
        <dt>Syncs</dt>
        <dd>{resources.map(({ label }) => label).join(', ') || 'Nothing yet'}</dd>
      </div>
      <div>
        <dt>Last tested</dt>
        <dd>{connection.testedAt ? <When at={connection.testedAt} /> : 'Never'}</dd>
      </div>
      {!offer?.lacks && !offer?.isPlatforms && (
        <div>
          <dt>Last webhook</dt>
          <dd>{connection.lastHeardAt ? <When at={connection.lastHeardAt} /> : 'None yet'}</dd>
        </div>
      )}
      {connection.openFailures > 0 && (
        <div>
          <dt>Problems</dt>
          <dd>
            <Link to={`${root}/sync?connection=${connection.id}#problems`}>
              {connection.openFailures} open
            </Link>
          </dd>
        </div>
      )}
    </dl>
  );
}

function Buttons({ connection, isWebsite }: { connection: ConnectionSummary; isWebsite: boolean }) {
  const { root, isStaff } = useArea();
  const sending = useNavigation().formData;
  const isTesting =
    sending?.get('intent') === 'test' && sending.get('connectionId') === connection.id;
  const isPaused = connection.state === 'paused';
  return (
    <div className="cluster">
      <ActionButton
        fields={{ intent: 'test', connectionId: connection.id }}
        className={connection.state === 'connected' ? '' : 'primary'}
      >
        {isTesting ? 'Testing…' : 'Test Connection'}
      </ActionButton>
      <ActionButton
        fields={{ intent: isPaused ? 'resume' : 'pause', connectionId: connection.id }}
        className=""
      >
        {isPaused ? 'Resume' : 'Pause'}
      </ActionButton>
      {isStaff && (
        <Link className="button plain" to={`/staff/integrations/${connection.id}/fields`}>
          Fields
        </Link>
      )}
      <Link className="button plain" to={`${root}/integrations/${connection.id}/choices`}>
        Choices
      </Link>
      {isStaff && !isWebsite && (
        <Link className="button plain" to={`/staff/integrations/${connection.id}/stages`}>
          Stages
        </Link>
      )}
      <Link className="button plain" to={`${root}/integrations/${connection.id}/webhooks`}>
        Webhooks
      </Link>
      <Link className="button plain" to={`${root}/sync?connection=${connection.id}`}>
        See its sync
      </Link>
    </div>
  );
}
