import { data, Form, Link } from 'react-router';
import { leadOn, textOf } from '#src/accounts/formAnswers.ts';
import { areaOf, useArea } from '#src/look/area.ts';
import { ErrorSummary } from '#src/look/fields.tsx';
import { Notice, Page, pageMeta } from '#src/look/page.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import { zoneOf } from '#src/platform/places.ts';
import type { Route } from './+types/jobEditPage.ts';
import { editableFields } from './jobChanges.ts';
import type { EditedJob } from './jobEditing.ts';
import { JobFields } from './jobFields.tsx';
import { alteredOf, changesOf, type TypedJob, typedOf } from './typedJob.ts';
import { WayNotice } from './wayChip.tsx';

export const meta: Route.MetaFunction = ({ loaderData }) =>
  pageMeta(`Edit: ${loaderData?.job.title ?? 'no such job'}`);

export async function loader({ params, url, context }: Route.LoaderArgs) {
  const { jobEditing } = await context.get(appContext).deskOf(context.get(viewerContext));
  const job = await jobEditing.byId(params.id);
  if (!job) throw data(null, { status: 404 });
  const did = url.searchParams.get('did');
  return { job, typed: typedOf(job.values, zoneOfJob(job)), did };
}

/** Times of a job stand by the clock of the place where the work is. */
function zoneOfJob({ values }: EditedJob): string {
  const part = (name: string) => (values[name] ?? null) as string | null;
  return zoneOf({
    city: part('city'),
    state: part('state'),
    country: part('country'),
    zipcode: part('zipcode'),
  });
}

export async function action({ params, request, url, context }: Route.ActionArgs) {
  const viewer = context.get(viewerContext);
  if (!viewer) throw data(null, { status: 403 });
  const { jobEditing } = await context.get(appContext).deskOf(viewer);
  const job = await jobEditing.byId(params.id);
  if (!job) throw data(null, { status: 404 });
  const form = await request.formData();
  const typed = typedIn(form);
  const fresh = typedOf(job.values, zoneOfJob(job));
  const shown = shownIn(form) ?? fresh;
  const altered = alteredOf(typed, shown);
  // Altered here and elsewhere: told once, and what stands there now is what a second save is about.
  const moved = editableFields.filter((name) => name in altered && shown[name] !== fresh[name]);
  if (moved.length > 0) {
    const errors = Object.fromEntries(moved.map((name) => [name, movedWords(fresh[name])]));
    return data({ errors, typed: { ...fresh, ...altered } }, { status: 422 });
  }
  const changes = changesOf(altered, zoneOfJob(job));
  const { version } = job;
  const saved = await jobEditing.edit(job.id, changes, { by: viewer.userId, version });
  if (!saved.ok) {
    const errors = saved.reason === 'fields' ? saved.errors : { title: SAVE_AGAIN };
    return data({ errors, typed: { ...fresh, ...altered } }, { status: 422 });
  }
  const did = saved.changed.length > 0 ? 'saved' : 'nothing';
  return leadOn(`${areaOf(url.pathname).root}/jobs/${job.id}/edit?did=${did}`);
}

function typedIn(form: FormData): TypedJob {
  const typed = Object.fromEntries(editableFields.map((name) => [name, textOf(form, name)]));
  // A box without its tick is not sent at all.
  return { ...(typed as TypedJob), payVisible: textOf(form, 'payVisible') || 'no' };
}

const SAVE_AGAIN = 'The job changed at this very moment. Look over what you typed, and save again.';

function movedWords(now: string): string {
  const words = now === '' ? 'was emptied' : now.length <= 80 ? `became “${now}”` : 'was changed';
  return `While you were editing, this ${words} elsewhere. Save again to put yours in its place.`;
}

/** What the form showed when the person began; null when it does not say. */
function shownIn(form: FormData): TypedJob | null {
  try {
    const shown: unknown = JSON.parse(textOf(form, 'shown'));
    if (typeof shown !== 'object' || shown === null) return null;
    const whole = editableFields.every(
      (name) => typeof (shown as Record<string, unknown>)[name] === 'string',
    );
    return whole ? (shown as TypedJob) : null;
  } catch {
    // Not what this page sends: then the job as it stands is what was shown.
    return null;
  }
}

export default function JobEditPage({ loaderData, actionData }: Route.ComponentProps) {
  const { job, did } = loaderData;
  const errors = actionData?.errors;
  const typed = actionData?.typed ?? loaderData.typed;
  const { provider } = job.way;
  const { isStaff } = useArea();
  const back = isStaff
    ? { to: '/staff/jobs', words: 'All jobs' }
    : { to: '/employer', words: 'Your jobs' };
  return (
    <Page
      narrow
      title={job.title}
      lead={job.employer}
      back={back}
      actions={job.published && <Link to={`/jobs/${job.slug}`}>As students see it</Link>}
    >
      <div className="stack">
        <ErrorSummary errors={errors} />
        {!errors && did === 'nothing' && (
          <Notice tone="info" announce title="Nothing was changed, so nothing was saved." />
        )}
        {!errors && <WayNotice way={job.way} justSaved={did === 'saved'} />}
        <Form method="post" noValidate className="card">
          <input type="hidden" name="shown" value={JSON.stringify(loaderData.typed)} />
          <JobFields typed={typed} errors={errors} values={job.values} />
          <div className="form-actions">
            <button type="submit" className="primary">
              Save job
            </button>
          </div>
          {provider && (
            <p className="hint">
              Only what you change is sent to {provider}. Should somebody change the same field
              there before yours arrives, the rule of the connection decides which one stays.
            </p>
          )}
        </Form>
      </div>
    </Page>
  );
}
