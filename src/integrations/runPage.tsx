import { data, redirect, useSearchParams } from 'react-router';
import { useArea } from '#src/look/area.ts';
import { LiveMark } from '#src/look/liveMark.tsx';
import { Card, Notice, Page, pageMeta, Section } from '#src/look/page.tsx';
import '#src/look/staff.css';
import { Status } from '#src/look/status.tsx';
import { RUN_STATE } from '#src/look/tones.ts';
import { useLive } from '#src/look/useLive.ts';
import { When } from '#src/look/when.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/runPage.ts';
import { ActivityTable } from './activityList.tsx';
import { AppliedPreview } from './appliedPreview.tsx';
import type { RunRow } from './dashboardRows.ts';
import { resourceWords, runWords, triggerWords } from './labels.ts';
import { RunOutcome, RunQuestion } from './runAnswer.tsx';
import { RunCounts } from './runCounts.tsx';
import { tookWords } from './runList.tsx';
import { act, backWith, doneWords, signedIn } from './staffActions.ts';
import { WroteHereSection } from './wroteHere.tsx';

export const handle = { hydrate: true };
export const meta: Route.MetaFunction = () => pageMeta('Run');

const LINES_SHOWN = 100;
const CLOSINGS_SHOWN = 500;

export async function loader({ params, context }: Route.LoaderArgs) {
  const desk = await context.get(appContext).deskOf(context.get(viewerContext));
  const { dashboard, records, previews } = desk;
  const run = await dashboard.run(params.id);
  if (!run) throw data(null, { status: 404 });
  const filter = { connectionId: '', resource: '', outcome: '', runId: run.id, page: 1 } as const;
  if (run.mode === 'preview') {
    // What it would write holds values of people: it is for staff.
    if (desk.own) throw data(null, { status: 404 });
    throw redirect(`/staff/sync/runs/${run.id}/preview`);
  }
  const [activity, closings, wrote, left] = await Promise.all([
    dashboard.activity(filter, LINES_SHOWN),
    dashboard.closings(run.id, CLOSINGS_SHOWN),
    records.wroteHere(run.id),
    desk.own ? [] : previews.leftBy(run),
  ]);
  return { run, activity, closings, wrote, left };
}

export async function action({ request, url, context }: Route.ActionArgs) {
  const viewer = signedIn(context.get(viewerContext));
  const desk = await context.get(appContext).deskOf(viewer);
  const done = await act(await request.formData(), desk, viewer.userId);
  if (!done) throw new Response(null, { status: 400 });
  return backWith(url, done);
}

export default function RunPage({ loaderData }: Route.ComponentProps) {
  const { run, activity, closings, wrote, left } = loaderData;
  const [query] = useSearchParams();
  const done = doneWords(query);
  const { root, isStaff } = useArea();
  const live = useLive(isStaff ? ['runs', 'activity'] : ['jobs']);
  const isOpen = run.state === 'running' || run.state === 'waiting';
  return (
    <Page
      title={`${resourceWords(run.resource)}: ${runWords(run).toLowerCase()}`}
      back={{ to: `${root}/sync`, words: 'Sync Dashboard' }}
      lead={`${run.connectionLabel} · ${triggerWords(run.trigger)}`}
      actions={
        <>
          {isOpen && <LiveMark state={live} />}
          <Status of={RUN_STATE} status={run.state} />
        </>
      }
    >
      <div className="stack-wide">
        {done && (
          <Notice tone="ok" announce>
            <p>{done}</p>
          </Notice>
        )}
        <RunOutcome run={run} />
        {closings.length > 0 && (
          <Section title={run.state === 'refused' ? 'Left open' : 'What it would close'}>
            <RunQuestion run={run} rows={closings} />
          </Section>
        )}
        <RunCounts run={run} />
        <Times run={run} />
        {run.previewId && isStaff && (
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
