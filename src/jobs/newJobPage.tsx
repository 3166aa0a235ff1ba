import { data, Form } from 'react-router';
import { leadOn, textOf } from '#src/accounts/formAnswers.ts';
import { areaOf, useArea } from '#src/look/area.ts';
import { ErrorSummary, Field, SelectField } from '#src/look/fields.tsx';
import { Page, pageMeta } from '#src/look/page.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/newJobPage.ts';
import { blankJob } from './blankJob.ts';
import { JobFields } from './jobFields.tsx';
import { newJobTyped, shownOf } from './jobForm.ts';

export const meta: Route.MetaFunction = () => pageMeta('New job');

export async function loader({ context }: Route.LoaderArgs) {
  const { own, jobEditing } = await context.get(appContext).deskOf(context.get(viewerContext));
  const { employers, accounts } = await jobEditing.choices();
  return { employers, accounts, mayName: own === null, typed: shownOf({ values: blankJob }) };
}

export async function action({ request, url, context }: Route.ActionArgs) {
  const viewer = context.get(viewerContext);
  if (!viewer) throw data(null, { status: 403 });
  const { jobEditing } = await context.get(appContext).deskOf(viewer);
  const form = await request.formData();
  const { typed, changes } = newJobTyped(form);
  const [employer, newEmployer, account] = ['employer', 'newEmployer', 'account'].map((name) =>
    textOf(form, name),
  );
  const chosen = {
    employer: employer ?? '',
    newEmployer: newEmployer ?? '',
    account: account ?? '',
  };
  const made = await jobEditing.create(
    {
      changes,
      employerId: chosen.employer || null,
      newEmployer: chosen.newEmployer || null,
      connectionId: chosen.account || null,
    },
    { by: viewer.userId },
  );
  if (!made.ok) return data({ errors: made.errors, typed, chosen }, { status: 422 });
  return leadOn(`${areaOf(url.pathname).root}/jobs/${made.jobId}/edit?did=made`);
}

export default function NewJobPage({ loaderData, actionData }: Route.ComponentProps) {
  const { employers, accounts, mayName } = loaderData;
  const { isStaff } = useArea();
  // Who has one employer and one account means those.
  const only = (choices: { id: string }[]) =>
    choices.length === 1 && !mayName ? choices[0]!.id : '';
  const errors = actionData?.errors;
  const chosen = actionData?.chosen;
  return (
    <Page
      narrow
      title="New job"
      lead="It is stored here at once, and made in the employer’s account within seconds."
      back={
        isStaff ? { to: '/staff/jobs', words: 'All jobs' } : { to: '/employer', words: 'Your jobs' }
      }
    >
      <div className="stack">
        <ErrorSummary errors={errors} />
        <Form method="post" noValidate className="card">
          <SelectField
            name="employer"
            label="Employer"
            defaultValue={chosen?.employer ?? only(employers)}
            errors={errors}
          >
            <option value="">{mayName ? 'Choose, or name a new one below' : 'Choose'}</option>
            {employers.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </SelectField>
          {mayName && (
            <Field
              name="newEmployer"
              label="New employer"
              defaultValue={chosen?.newEmployer}
              errors={errors}
              optional
            />
          )}
          <SelectField
            name="account"
            label="Account"
            hint="Where recruiters work on this job and see who applies. This cannot be changed later."
            defaultValue={chosen?.account ?? only(accounts)}
            errors={errors}
          >
            <option value="">Only in KiEX</option>
            {accounts.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </SelectField>
          <h2>The job</h2>
          <JobFields
            typed={actionData?.typed ?? loaderData.typed}
            errors={errors}
            values={blankJob}
            there={null}
          />
          <div className="form-actions">
            <button type="submit" className="primary">
              Make job
            </button>
          </div>
        </Form>
      </div>
    </Page>
  );
}
