import { data, Form, Link } from 'react-router';
import { leadOn } from '#src/accounts/formAnswers.ts';
import { areaOf, useArea } from '#src/look/area.ts';
import { ErrorSummary } from '#src/look/fields.tsx';
import { Notice, Page, pageMeta } from '#src/look/page.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/jobEditPage.ts';
import { CustomFieldsForm } from './customFieldsForm.tsx';
import { JobFields } from './jobFields.tsx';
import { publishingOf, saveJobForm, shownOf } from './jobForm.ts';
import { WayNotice } from './wayChip.tsx';

export const meta: Route.MetaFunction = ({ loaderData }) =>
  pageMeta(`Edit: ${loaderData?.job.title ?? 'no such job'}`);

export async function loader({ params, url, context }: Route.LoaderArgs) {
  const { jobEditing } = await context.get(appContext).deskOf(context.get(viewerContext));
  const job = await jobEditing.byId(params.id);
  if (!job) throw data(null, { status: 404 });
  const did = url.searchParams.get('did');
  return { job, typed: shownOf(job), did };
}

export async function action({ params, request, url, context }: Route.ActionArgs) {
  const viewer = context.get(viewerContext);
  if (!viewer) throw data(null, { status: 403 });
  const { jobEditing } = await context.get(appContext).deskOf(viewer);
  const form = await request.formData();
  const saved = await saveJobForm(jobEditing, { jobId: params.id, form, by: viewer.userId });
  if (saved === null) throw data(null, { status: 404 });
  if (!saved.ok) return data(saved.again, { status: 422 });
  const did = saved.changed.length > 0 ? 'saved' : 'nothing';
  return leadOn(`${areaOf(url.pathname).root}/jobs/${params.id}/edit?did=${did}`);
}

export default function JobEditPage({ loaderData, actionData }: Route.ComponentProps) {
  const { job, did } = loaderData;
  const errors = actionData?.errors;
  const typed = actionData?.typed ?? loaderData.typed;
  const customTyped = actionData?.customTyped ?? {};
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
        {!errors && <WayNotice way={job.way} justSaved={did === 'saved' || did === 'made'} />}
        <Form method="post" noValidate className="card">
          <input type="hidden" name="shown" value={JSON.stringify(loaderData.typed)} />
          <JobFields typed={typed} errors={errors} values={job.values} there={publishingOf(job)} />
          <CustomFieldsForm
            fields={job.customFields}
            typed={customTyped}
            errors={errors}
            provider={provider}
          />
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
