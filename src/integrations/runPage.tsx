import { data, redirect } from 'react-router';
import { LiveMark } from '#src/look/liveMark.tsx';
import { Card, Notice, Page, pageMeta, Section } from '#src/look/page.tsx';
import '#src/look/staff.css';
import { Status } from '#src/look/status.tsx';
import { ProgressBar } from '#src/look/stepper.tsx';
import { RUN_STATE } from '#src/look/tones.ts';
import { useLive } from '#src/look/useLive.ts';
import { When } from '#src/look/when.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import { balances } from '#src/sync/balance.ts';
import type { Route } from './+types/runPage.ts';
import { ActivityTable } from './activityList.tsx';
import { AppliedPreview } from './appliedPreview.tsx';
import type { RunRow } from './dashboardRows.ts';
import { plainName, resourceWords, runWords, triggerWords } from './labels.ts';
import { progressWords } from './progress.ts';
import { COUNTS, tookWords } from './runList.tsx';
import { staffOnly } from './staffActions.ts';
import { WroteHereSection } from './wroteHere.tsx';

export const handle = { hydrate: true };
export const meta: Route.MetaFunction = () => pageMeta('Run');

const LINES_SHOWN = 100;

export async function loader({ params, context }: Route.LoaderArgs) {
  staffOnly(context.get(viewerContext));
  const { dashboard, records, previews } = context.get(appContext);
  const run = await dashboard.run(params.id);
  if (!run) throw data(null, { status: 404 });
  const filter = { connectionId: '', resource: '', outcome: '', runId: run.id, page: 1 } as const;
  if (run.mode === 'preview') throw redirect(`/staff/sync/runs/${run.id}/preview`);
  const wrote = await records.wroteHere(run.id);
  const left = await previews.leftBy(run);
  return { run, wrote, left, activity: await dashboard.activity(filter, LINES_SHOWN) };
}

export default function RunPage({ loaderData }: Route.ComponentProps) {
  const { run, wrote, left, activity } = loaderData;
  const live = useLive(['runs', 'activity']);
  const isOpen = run.state === 'running' || run.state === 'waiting';
  return (
    <Page
      title={`${resourceWords(run.resource)}: ${runWords(run).toLowerCase()}`}
      back={{ to: '/staff/sync', words: 'Sync Dashboard' }}
      lead={`${run.connectionLabel} · ${triggerWords(run.trigger)}`}
      actions={
        <>
          {isOpen && <LiveMark state={live} />}
          <Status of={RUN_STATE} status={run.state} />
        </>
      }
    >
      <div className="stack-wide">
        {run.reason && (
          <Notice tone={RUN_STATE[run.state]?.tone ?? 'info'} title={run.reason}>
            {run.nextTryAt && isOpen && (
              <p>
                It goes on <When at={run.nextTryAt} />.
              </p>
            )}
          </Notice>
        )}
        <Counts run={run} />
        <Times run={run} />
        {run.previewId && (
          <AppliedPreview previewId={run.previewId} resource={run.resource} left={left} />
        )}
        <WroteHereSection runId={run.id} wrote={wrote} />
        <Section title="What it did">
          {activity.rows.length > 0 ? (
            <ActivityTable rows={activity.rows} />
          ) : (
            <p className="muted">Nothing had to be written.</p>
          )}
          {activity.more && (
            <p className="muted small after-list">The newest {LINES_SHOWN} lines are shown.</p>
          )}
        </Section>
      </div>
    </Page>
  );
}

function Counts({ run }: { run: RunRow }) {
  const reasons = Object.entries(run.skipReasons);
  return (
    <Card>
      <div className="stack">
        <dl className="counts">
          {COUNTS.map(([name, words]) => (
            <div key={name} className={name === 'failed' && run.failed > 0 ? 'bad' : undefined}>
              <dt>{words}</dt>
              <dd className="number">{run[name].toLocaleString('en-US')}</dd>
            </div>
          ))}
        </dl>
        {run.state === 'running' && (
          <>
            <ProgressBar done={run.seen} of={run.expected} label="Progress" />
            <p className="muted number">{progressWords(run)}</p>
          </>
        )}
        {reasons.length > 0 && (
          <p className="quiet-text">
            Skipped because:{' '}
            {reasons.map(([reason, count]) => `${plainName(reason)} (${count})`).join(', ')}.
          </p>
        )}
        <Balance run={run} />
      </div>
    </Card>
  );
}

function Balance({ run }: { run: RunRow }) {
  if (run.state === 'running' || run.state === 'waiting') return null;
  return balances(run) ? (
    <p className="small muted">The counts balance: everything that was seen is accounted for.</p>
  ) : (
    <Notice tone="bad" title="The counts do not balance">
      <p>
        {run.seen.toLocaleString('en-US')} were seen, but the other counts do not add up to it. Do
        not trust this run: “Compare everything” on the dashboard finds what is missing.
      </p>
    </Notice>
  );
}

function Times({ run }: { run: RunRow }) {
  const times: [string, Date | null][] = [
    ['Asked for', run.requestedAt],
    ['Started', run.startedAt],
    ['Last progress', run.progressAt],
    ['Ended', run.finishedAt],
  ];
  return (
    <Card>
      <dl className="facts across">
        {times.map(([words, at]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>{at ? <When at={at} as="exact" /> : '–'}</dd>
          </div>
        ))}
        <div>
          <dt>Took</dt>
          <dd>{tookWords(run)}</dd>
        </div>
        <div>
          <dt>Attempts</dt>
          <dd>{run.attempts}</dd>
        </div>
      </dl>
    </Card>
  );
}
