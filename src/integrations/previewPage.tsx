import { data, Form, Link, redirect } from 'react-router';
import { Card, Empty, Notice, Page, pageMeta, Section } from '#src/look/page.tsx';
import { Paging } from '#src/look/paging.tsx';
import { Status } from '#src/look/status.tsx';
import '#src/look/staff.css';
import { RUN_STATE } from '#src/look/tones.ts';
import { useLive } from '#src/look/useLive.ts';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/previewPage.ts';
import type { RunRow } from './dashboardRows.ts';
import { resourceWords, runKindWords } from './labels.ts';
import { PreviewTable } from './previewList.tsx';
import type { PreviewShown } from './previews.ts';
import { costWords, totalLines } from './previewWords.ts';
import { progressWords } from './progress.ts';
import { staffOnly } from './staffActions.ts';

export const handle = { hydrate: true };
export const meta: Route.MetaFunction = () => pageMeta('Preview');

const PAGE_MAX = 10_000;

export async function loader({ params, url, context }: Route.LoaderArgs) {
  staffOnly(context.get(viewerContext));
  const { dashboard, previews } = context.get(appContext);
  const asked = Math.floor(Number(url.searchParams.get('page')));
  const page = asked >= 1 ? Math.min(asked, PAGE_MAX) : 1;
  const [run, preview] = await Promise.all([
    dashboard.run(params.id),
    previews.of(params.id, page),
  ]);
  if (!run || !preview) throw data(null, { status: 404 });
  return { run, preview, page };
}

export async function action({ params, context }: Route.ActionArgs) {
  const viewer = staffOnly(context.get(viewerContext));
  const ask = { trigger: 'manual', by: viewer.userId } as const;
  const asked = await context.get(appContext).previews.apply(params.id, ask);
  if ('refused' in asked) throw data(asked.refused, { status: 409 });
  return redirect(`/staff/sync/runs/${asked.runId}`);
}

export default function PreviewPage({ loaderData }: Route.ComponentProps) {
  const { run, preview, page } = loaderData;
  useLive(['runs']);
  const isOpen = run.state === 'running' || run.state === 'waiting';
  return (
    <Page
      title={`Preview: ${resourceWords(run.resource).toLowerCase()}`}
      back={{ to: '/staff/sync', words: 'Sync Dashboard' }}
      lead={`${run.connectionLabel} · ${runKindWords(run.kind).toLowerCase()}`}
      actions={<Status of={RUN_STATE} status={run.state} />}
    >
      <div className="stack-wide">
        {run.reason && <Notice tone="warn" title={run.reason} />}
        {isOpen ? (
          <Notice tone="info" title="KiEX is looking">
            <p className="number">{progressWords(run)}. Nothing is written.</p>
          </Notice>
        ) : (
          <Outcome run={run} preview={preview} />
        )}
        {preview.records.length > 0 && (
          <Section title="Record by record">
            <PreviewTable resource={run.resource} records={preview.records} />
            <Paging page={page} pages={preview.pages} label="Pages of records" />
          </Section>
        )}
      </div>
    </Page>
  );
}

function Outcome({ run, preview }: { run: RunRow; preview: PreviewShown }) {
  const { totals, states, appliedBy } = preview;
  const unseen = run.failed > 0 && (
    <p className="quiet-text">
      {run.failed.toLocaleString('en-US')} could not be looked at and are not part of it.
    </p>
  );
  if (totals.records === 0) {
    return (
      <Empty title="Nothing would change">
        {run.seen.toLocaleString('en-US')} records were compared, and both sides agree. {unseen}
      </Empty>
    );
  }
  const done = states.applied + states.moved + states.failed;
  return (
    <Card title={done > 0 ? 'What was to change' : 'What would change'}>
      <div className="stack">
        <ul className="bullets">
          {totalLines(totals).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {unseen}
        {done > 0 && (
          <p>
            {states.applied.toLocaleString('en-US')} carried out,{' '}
            {states.moved.toLocaleString('en-US')} moved since and left,{' '}
            {states.failed.toLocaleString('en-US')} failed.
          </p>
        )}
        {appliedBy && (
          <p>
            <Link to={`/staff/sync/runs/${appliedBy.id}`}>The run that carries it out</Link>{' '}
            <Status of={RUN_STATE} status={appliedBy.state} />
          </p>
        )}
        <Apply run={run} preview={preview} />
      </div>
    </Card>
  );
}

function Apply({ run, preview }: { run: RunRow; preview: PreviewShown }) {
  const { states, cost, appliedBy } = preview;
  const isUnderWay = appliedBy?.state === 'waiting' || appliedBy?.state === 'running';
  if (states.planned === 0 || isUnderWay) return null;
  return (
    <>
      <p className="quiet-text">
        {costWords(cost)} Each record is read again first; one that moved since is left and listed.
        {run.settings && ' The settings are saved with it.'}
      </p>
      <Form method="post">
        <button type="submit" className="primary">
          Apply this preview
        </button>
      </Form>
    </>
  );
}
