import { data, Form, Link } from 'react-router';
import { leadOn, textOf } from '#src/accounts/formAnswers.ts';
import type { Viewer } from '#src/accounts/viewer.ts';
import { ErrorSummary, Field, type FieldErrors, TextField } from '#src/look/fields.tsx';
import { Notice, Page, pageMeta } from '#src/look/page.tsx';
import { appContext, viewerContext } from '#src/pageContext.ts';
import type { Route } from './+types/profilePage.ts';
import { ContactFields } from './contactFields.tsx';
import type { TypedProfile } from './profile.ts';
import { ProfilePartCards } from './profilePartCards.tsx';
import { ResumeList } from './resumeList.tsx';
import type { Students } from './students.ts';
import { SuggestionList } from './suggestionList.tsx';
import { RESUME_ACCEPT, RESUME_HINT, uploadOf } from './uploadedFile.ts';
import './profile.css';

export const meta = () => pageMeta('Profile');

export async function loader({ request, context }: Route.LoaderArgs) {
  const { students, profileParts, newerResumes, suggestions } = context.get(appContext);
  const viewer = context.get(viewerContext)!;
  const [profile, resumes, parts, reach, offers] = await Promise.all([
    students.profileOf(viewer),
    students.resumesOf(viewer.userId),
    profileParts.partsOf(viewer.userId),
    newerResumes.reachOf(viewer.userId),
    suggestions.offersTo(viewer.userId),
  ]);
  const done = new URL(request.url).searchParams.get('done');
  const reached = resumes.map((resume) => ({
    ...resume,
    ...(reach.get(resume.id) ?? { sentTo: [], couldGoTo: [] }),
  }));
  return { email: viewer.email, profile, resumes: reached, parts, offers, done };
}

export async function action({ request, context }: Route.ActionArgs) {
  const { students, profileParts, newerResumes, suggestions } = context.get(appContext);
  const viewer = context.get(viewerContext)!;
  const form = await request.formData();
  if (textOf(form, 'do') === 'remove') {
    await students.removeResume(viewer.userId, textOf(form, 'resume'));
    return leadOn('/profile?done=removed#resumes');
  }
  if (textOf(form, 'do') === 'send') {
    await newerResumes.send(viewer.userId, textOf(form, 'resume'));
    return leadOn('/profile?done=sent#resumes');
  }
  if (textOf(form, 'do') === 'removePart') {
    await profileParts.removePart(viewer.userId, textOf(form, 'part'));
    return leadOn('/profile?done=removedPart#parts');
  }
  const act = textOf(form, 'do');
  if (act === 'take' || act === 'keep') {
    const answered = await suggestions[act](viewer.userId, {
      connectionId: textOf(form, 'connection'),
      field: textOf(form, 'field'),
      value: textOf(form, 'value'),
    });
    return leadOn(`/profile?done=${answered ? act : 'missed'}`);
  }
  return saveAll(students, viewer, form);
}

/** Keeps what can be kept: a wrong phone loses no file, and a refused file loses no text. */
async function saveAll(students: Students, viewer: Viewer, form: FormData) {
  const typed: TypedProfile = {
    name: textOf(form, 'name'),
    phone: textOf(form, 'phone'),
    address: textOf(form, 'address'),
    territory: textOf(form, 'territory'),
    about: textOf(form, 'about'),
  };
  const saved = await students.saveProfile(viewer, typed);
  const errors: FieldErrors = saved.ok ? {} : saved.errors;
  const upload = await uploadOf(form, 'upload');
  const added = upload && (await students.addResume(viewer.userId, upload));
  if (added && !added.ok) errors.upload = added.words;
  if (Object.keys(errors).length > 0) {
    return data({ errors, typed, added: added?.ok === true, saved: saved.ok }, { status: 422 });
  }
  return leadOn(`/profile?done=${added?.ok && added.already ? 'known' : 'saved'}`);
}

const DONE: Record<string, string> = {
  saved: 'Saved.',
  known: 'Saved. You had this file already, so it is listed once.',
  sent: 'The resume is on its way, as a further file beside the one they have.',
  part: 'Saved. Employers you share your profile with get it within seconds.',
  removedPart: 'It is off your profile. An employer who got it before keeps it.',
  removed: 'The resume is off your profile.',
  take: 'It is on your profile now, and goes to every employer you share it with.',
  keep: 'Yours stays. You are asked again only if the employer changes theirs.',
  missed: 'That is not on offer any more: it changed meanwhile.',
};

export default function ProfilePage({ loaderData, actionData }: Route.ComponentProps) {
  const { email, resumes, parts, offers, done } = loaderData;
  const errors = actionData?.errors;
  const typed = actionData?.typed ?? loaderData.profile;
  return (
    <Page
      narrow
      title="Profile"
      lead="Each application is filled in from here."
      actions={
        <Link className="button" to="/sharing">
          Sharing
        </Link>
      }
    >
      <div className="stack">
        {!errors && done && DONE[done] && <Notice tone="ok" announce title={DONE[done]} />}
        <ErrorSummary errors={errors} />
        {actionData?.saved && (
          <Notice tone="ok" title="Your details are saved, without the file." />
        )}
        {actionData?.added && <Notice tone="ok" title="The resume is kept, listed below." />}
        <SuggestionList offers={offers} />
        <Form method="post" encType="multipart/form-data" noValidate className="card">
          <Field
            name="name"
            label="Name"
            autoComplete="name"
            defaultValue={typed.name}
            errors={errors}
          />
          <p className="field">
            <span className="muted">E-mail address:</span> {email}
          </p>
          <ContactFields typed={typed} errors={errors} />
          <TextField
            name="about"
            label="About you"
            hint="A few sentences. Only employers you share your profile with see them."
            optional
            rows={4}
            defaultValue={typed.about}
            errors={errors}
          />
          <Field
            name="upload"
            type="file"
            label="Add a resume"
            hint={RESUME_HINT}
            optional
            accept={RESUME_ACCEPT}
            errors={errors}
          />
          <div className="form-actions">
            <button type="submit" className="primary">
              Save profile
            </button>
          </div>
        </Form>
        <ResumeList resumes={resumes} />
        <ProfilePartCards parts={parts} />
      </div>
    </Page>
  );
}
