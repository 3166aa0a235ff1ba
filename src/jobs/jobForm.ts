import { textOf } from '#src/accounts/formAnswers.ts';
import type { FieldErrors } from '#src/look/fields.tsx';
import { zoneOf } from '#src/platform/places.ts';
import type { Values } from '#src/sync/canonical.ts';
import { type CustomFields, customTextOf, customTyped } from './customFields.ts';
import { editableFields, type JobChanges } from './jobChanges.ts';
import type { EditedJob, Editor, JobEditing } from './jobEditing.ts';
import type { Publishing } from './jobFields.tsx';
import { alteredOf, changesOf, type TypedJob, typedOf } from './typedJob.ts';

/** Times of a job stand by the clock of the place where the work is. */
function zoneOfJob(values: Values): string {
  const part = (name: string) => (values[name] ?? null) as string | null;
  return zoneOf({
    city: part('city'),
    state: part('state'),
    country: part('country'),
    zipcode: part('zipcode'),
  });
}

/** What the form shows of a job. */
export const shownOf = ({ values }: Pick<EditedJob, 'values'>): TypedJob =>
  typedOf(values, zoneOfJob(values));

export function publishingOf(job: EditedJob): Publishing | null {
  const { way, publishedThere: published, publishesThere } = job;
  return way.provider === null ? null : { provider: way.provider, published, publishesThere };
}

/** What is shown again when something was wrong: the sentences, and all that was typed. */
export interface JobFormAgain {
  errors: FieldErrors;
  typed: TypedJob;
  customTyped: Record<string, string>;
}

export type JobFormSaved =
  | { ok: true; changed: string[] }
  | { ok: false; again: JobFormAgain }
  /** There is no such job, or it is not theirs to see. */
  | null;

/** Saves what somebody altered in the form of a job, and nothing else of it. [M1] */
export async function saveJobForm(
  jobEditing: Pick<JobEditing, 'byId' | 'edit'>,
  { jobId, form, ...editor }: Editor & { jobId: string; form: FormData },
): Promise<JobFormSaved> {
  const job = await jobEditing.byId(jobId);
  if (!job) return null;
  const typed = typedIn(form);
  const fresh = shownOf(job);
  const shown = shownIn(form) ?? fresh;
  const altered = alteredOf(typed, shown);
  const custom = customTyped(form, job.customFields);
  const again = (errors: FieldErrors): JobFormSaved => ({
    ok: false,
    again: { errors, typed: { ...fresh, ...altered }, customTyped: custom.typed },
  });
  // Altered here and elsewhere: told once, and what stands there now is what a second save is about.
  const moved = editableFields.filter((name) => name in altered && shown[name] !== fresh[name]);
  const errors = {
    ...Object.fromEntries(moved.map((name) => [name, movedWords(fresh[name])])),
    ...Object.fromEntries(
      custom.moved.map((key) => [`custom.${key}`, movedWords(standing(job.customFields, key))]),
    ),
  };
  if (Object.keys(errors).length > 0) return again(errors);
  const { version } = job;
  const person = { ...editor, version, custom: custom.changes };
  const saved = await jobEditing.edit(jobId, changesOf(altered, zoneOfJob(job.values)), person);
  if (saved.ok) return saved;
  return again(saved.reason === 'fields' ? saved.errors : { title: SAVE_AGAIN });
}

/** What the form of a new job says. */
export function newJobTyped(form: FormData): { typed: TypedJob; changes: JobChanges } {
  const typed = typedIn(form);
  const { city, state, country, zipcode } = typed;
  return { typed, changes: changesOf(typed, zoneOfJob({ city, state, country, zipcode })) };
}

const SAVE_AGAIN = 'The job changed at this very moment. Look over what you typed, and save again.';

const standing = (fields: CustomFields, key: string) => customTextOf(fields[key]) ?? '';

function movedWords(now: string): string {
  const words = now === '' ? 'was emptied' : now.length <= 80 ? `became “${now}”` : 'was changed';
  return `While you were editing, this ${words} elsewhere. Save again to put yours in its place.`;
}

function typedIn(form: FormData): TypedJob {
  const typed = Object.fromEntries(editableFields.map((name) => [name, textOf(form, name)]));
  // A box without its tick is not sent at all.
  return { ...(typed as TypedJob), payVisible: textOf(form, 'payVisible') || 'no' };
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
