import { data, Form, Link } from 'react-router';
import { leadOn, textOf } from '#src/accounts/formAnswers.ts';
import type { FieldErrors } from '#src/look/fields.tsx';
import { CheckField, ErrorSummary, Field, FieldError, TextField } from '#src/look/fields.tsx';
import { Notice, Page, pageMeta } from '#src/look/page.tsx';
import { When } from '#src/look/when.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import { ContactFields } from '#src/students/contactFields.tsx';
import type { Resume } from '#src/students/students.ts';
import { RESUME_ACCEPT, RESUME_HINT, sizeWords, uploadOf } from '#src/students/uploadedFile.ts';
import type { Question } from '#src/sync/connector.ts';
import type { Route } from './+types/applyPage.ts';
import type { JobToApply } from './applications.ts';
import { NOTE_LENGTH_MAX } from './applyForm.ts';
import { CannotApply } from './cannotApply.tsx';
import { asksResume, fieldOf, type TypedAnswers } from './employerForm.ts';
import { QuestionFields } from './questionFields.tsx';
import { ShareStep } from './shareStep.tsx';
import type { TypedDetails } from './submission.ts';
import './applications.css';

export const meta: Route.MetaFunction = ({ loaderData }) =>
  pageMeta(loaderData ? `Apply: ${loaderData.page.job.title}` : 'Apply');

export async function loader({ params, context }: Route.LoaderArgs) {
  const viewer = context.get(viewerContext)!;
  const page = await context.get(appContext).applications.prepare(viewer, params.slug);
  if (page.kind === 'not_found') throw data(null, { status: 404 });
  return { page, name: viewer.name, email: viewer.email };
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { applications } = context.get(appContext);
  const viewer = context.get(viewerContext)!;
  const page = await applications.prepare(viewer, params.slug);
  if (page.kind === 'not_found') throw data(null, { status: 404 });
  const form = await request.formData();
  const typed: TypedApplication = {
    details: {
      phone: textOf(form, 'phone'),
      address: textOf(form, 'address'),
      territory: textOf(form, 'territory'),
    },
    note: textOf(form, 'note'),
    agreed: textOf(form, 'agreed') === 'yes',
    shareProfile: textOf(form, 'shareProfile') === 'yes',
    resumeId: textOf(form, 'resume') || null,
    answers: answersIn(form),
  };
  const upload = await uploadOf(form, 'upload');
  const asked = { studentId: viewer.userId, jobId: page.job.id };
  // With a form of theirs, our own fields were not on the page.
  const isTheirForm = page.kind === 'open' && page.form !== undefined;
  const { details, ...rest } = typed;
  const given = isTheirForm ? rest : { ...rest, details };
  const answer = await applications.submit({ ...asked, ...given, upload });
  if (answer.ok) {
    return leadOn(`/dashboard?${answer.already ? 'again' : 'sent'}=${answer.applicationId}`);
  }
  // The page itself says why, from what the job has become.
  if (answer.reason !== 'fields') return data(null, { status: 409 });
  const { errors, resumeId } = answer;
  return data({ errors, typed: { ...typed, resumeId } }, { status: 422 });
}

interface TypedApplication {
  details: TypedDetails;
  note: string;
  agreed: boolean;
  shareProfile: boolean;
  resumeId: string | null;
  answers: TypedAnswers;
}

/** What stands in the fields of the employer's questions, by the ids of the questions. */
function answersIn(form: FormData): TypedAnswers {
  const names = [...new Set(form.keys())].filter((name) => name.startsWith(ANSWER));
  return Object.fromEntries(
    names.map((name) => [
      name.slice(ANSWER.length),
      form.getAll(name).filter((value) => typeof value === 'string'),
    ]),
  );
}

const ANSWER = fieldOf({ id: '' });

export default function ApplyPage({ loaderData, actionData }: Route.ComponentProps) {
  const { page, name, email } = loaderData;
  if (page.kind !== 'open') return <CannotApply page={page} />;
  const { job, resumes, form } = page;
  const typed: TypedApplication = actionData?.typed ?? {
    details: page.details,
    note: '',
    agreed: false,
    shareProfile: false,
    resumeId: resumes[0]?.id ?? null,
    answers: form?.filled ?? {},
  };
  const { questions } = form ?? {};
  const errors = actionData?.errors;
  return (
    <Page
      narrow
      title={`Apply: ${job.title}`}
      lead={job.employer}
      back={{ to: `/jobs/${job.slug}`, words: 'The job' }}
    >
      <div className="stack">
        <ErrorSummary errors={errors} />
        {page.ended && (
          <Notice tone="info" title={ENDED[page.ended] ?? 'You applied for this job before.'}>
            <p>You can send it again. {job.employer} sees that it is not the first time.</p>
          </Notice>
        )}
        <Form method="post" encType="multipart/form-data" noValidate className="card">
          <ol className="apply-steps">
            {questions ? (
              <TheirQuestions {...{ job, questions, typed, errors }} />
            ) : (
              <Details {...{ name, email, typed, errors }} />
            )}
            {(!questions || asksResume(questions)) && (
              <ChooseResume
                {...{ resumes, typed, errors }}
                optional={questions && !asksResume(questions)?.required}
              />
            )}
            {!questions && <Note {...{ job, typed, errors }} />}
            <ShareStep {...{ job, questions, typed, errors }} />
          </ol>
          <div className="form-actions">
            <button type="submit" className="apply">
              Send application
            </button>
          </div>
        </Form>
      </div>
    </Page>
  );
}

const ENDED: Record<string, string> = {
  withdrawn: 'You withdrew an earlier application for this job.',
  not_selected: 'You were not selected when you applied for this job before.',
};

interface StepProps {
  typed: TypedApplication;
  errors?: FieldErrors;
}

function Details({ name, email, typed, errors }: StepProps & { name: string; email: string }) {
  return (
    <li>
      <h2>Your details</h2>
      <p className="quiet-text">
        {name}, {email} <Link to="/profile">Change your name</Link>
      </p>
      <ContactFields typed={typed.details} errors={errors} />
      <p className="muted small field">Changes here are kept in your profile too.</p>
    </li>
  );
}

function TheirQuestions({
  job,
  questions,
  typed,
  errors,
}: StepProps & { job: JobToApply; questions: readonly Question[] }) {
  return (
    <li>
      <h2>What {job.employer} asks</h2>
      <p className="quiet-text">
        These are the questions of the employer’s career page. What KiEX knows is filled in; changes
        here stay in this application.
      </p>
      <QuestionFields questions={questions} typed={typed.answers} errors={errors} />
    </li>
  );
}

function ChooseResume({
  resumes,
  typed,
  errors,
  optional = false,
}: StepProps & { resumes: Resume[]; optional?: boolean }) {
  return (
    <li>
      <fieldset id="resume" aria-describedby={errors?.resume ? 'resume-error' : undefined}>
        <legend>
          <h2>Resume {optional && <span className="optional">(optional)</span>}</h2>
        </legend>
        <FieldError name="resume" errors={errors} />
        {resumes.map((resume) => (
          <CheckField
            key={resume.id}
            type="radio"
            name="resume"
            value={resume.id}
            defaultChecked={resume.id === typed.resumeId}
            label={resume.fileName}
            hint={
              <>
                {sizeWords(resume.bytes)}, added <When at={resume.uploadedAt} />
              </>
            }
          />
        ))}
        {optional && resumes.length > 0 && (
          <CheckField
            type="radio"
            name="resume"
            value=""
            id="resume-none"
            defaultChecked={typed.resumeId === null}
            label="Send no resume"
          />
        )}
        <Field
          name="upload"
          type="file"
          label={resumes.length > 0 ? 'Or upload another' : 'Upload your resume'}
          hint={
            resumes.length > 0
              ? `${RESUME_HINT} A file chosen here is sent instead.`
              : `${RESUME_HINT} It is kept for your next application.`
          }
          optional={optional || resumes.length > 0}
          accept={RESUME_ACCEPT}
        />
      </fieldset>
    </li>
  );
}

function Note({ job, typed, errors }: StepProps & { job: JobToApply }) {
  return (
    <li>
      <h2>Note to the employer</h2>
      <TextField
        name="note"
        label={`Why this job, and why ${job.employer}?`}
        hint={`Plain text, up to ${NOTE_LENGTH_MAX} characters.`}
        optional
        rows={7}
        defaultValue={typed.note}
        errors={errors}
      />
    </li>
  );
}
