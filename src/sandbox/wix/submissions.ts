import { readInfo } from './contactInfo.ts';
import { contactData, showContact } from './contactShow.ts';
import { reconcile, samePerson } from './contactSubmit.ts';
import type { Core, Scene } from './core.ts';
import { announce, automate } from './events.ts';
import { notFound, refuse } from './refusals.ts';
import type { FormRow, SubmissionRow } from './rows.ts';
import type { Fields } from './siteRows.ts';
import { SHARED } from './store.ts';
import { submissionRefusal } from './submissionValidation.ts';
import { guidIn, present, valueAt } from './values.ts';

const ENTITY = 'wix.forms.v4.submission';

/** Keeps a submission; it is confirmed and mapped to a contact later. Source: 4.2, 8.4, 12.6 */
export function createSubmission(
  scene: Scene,
  wanted: { formId: unknown; submissions: unknown },
): SubmissionRow {
  const { core, site } = scene;
  const form = core.store.get(site.id, 'forms', guidIn(wanted.formId, 'submission.formId'));
  if (!form) throw notFound('form');
  const refusal = submissionRefusal(form, wanted.submissions);
  if (refusal) throw refusal;
  const now = core.now();
  const row: SubmissionRow = {
    id: core.newGuid(),
    formId: form.id,
    namespace: form.namespace,
    status: core.switches().confirmationSeconds > 0 ? 'PENDING' : 'CONFIRMED',
    submissions: wanted.submissions as Fields,
    createdDate: now,
    updatedDate: now,
    revision: '1',
    submitter: submitterOf(scene),
    seen: false,
    mapping: 'waiting',
    trashed: false,
  };
  core.store.put(site.id, 'submissions', row);
  announce(scene, {
    ...{ entity: ENTITY, slug: 'created', entityId: row.id },
    body: { createdEvent: { entity: showSubmission(row) } },
    originatedFrom: JSON.stringify({ namespace: row.namespace }),
  });
  scheduleRest(scene, row);
  return row;
}

function submitterOf({ core, site, actor }: Scene): Fields {
  if (actor.by === 'visitor') return { visitorId: actor.visitorId };
  if (actor.by === 'member') return { memberId: actor.memberId };
  if (actor.by === 'owner')
    return { userId: core.store.get(SHARED, 'accounts', site.account)?.owner };
  return { applicationId: site.id };
}

/** Starts again what an earlier process had begun: confirmations and contacts. */
export function resumeSubmissions(core: Core): void {
  for (const site of core.store.rows(SHARED, 'sites')) {
    const scene: Scene = { core, site, actor: { by: 'owner' } };
    for (const row of core.store.rows(site.id, 'submissions')) scheduleRest(scene, row);
  }
}

function scheduleRest(scene: Scene, row: SubmissionRow): void {
  const { core } = scene;
  const { confirmationSeconds, contactMappingSeconds } = core.switches();
  const inBatch = (work: () => void) => core.store.batch(work);
  if (row.status === 'PENDING') {
    core.background.after(confirmationSeconds * 1_000, () =>
      inBatch(() => ifThere(scene, row.id, (kept) => confirm(scene, kept))),
    );
  }
  if (row.mapping === 'waiting') {
    const wait = confirmationSeconds + contactMappingSeconds;
    core.background.after(wait * 1_000, () =>
      inBatch(() => ifThere(scene, row.id, (kept) => mapContact(scene, kept))),
    );
  }
}

function ifThere(scene: Scene, id: string, work: (row: SubmissionRow) => void): void {
  const row = scene.core.store.get(scene.site.id, 'submissions', id);
  if (row && !row.trashed) work(row);
}

/** PENDING becomes CONFIRMED; anything else stays. (s) 4.1 */
export function confirm(scene: Scene, row: SubmissionRow): SubmissionRow {
  if (row.status !== 'PENDING') return row;
  const saved = saveSubmission(scene, { ...row, status: 'CONFIRMED' });
  announce(scene, {
    ...{ entity: ENTITY, slug: 'status_updated', entityId: row.id },
    body: { actionEvent: { body: { submission: showSubmission(saved) } } },
  });
  return saved;
}

/** Keeps a changed submission: one revision more, and the event. */
export function saveSubmission(scene: Scene, row: SubmissionRow): SubmissionRow {
  const { core, site } = scene;
  const revision = String(Number(row.revision) + 1);
  const saved = { ...row, revision, updatedDate: core.now() };
  core.store.put(site.id, 'submissions', saved);
  announce(scene, {
    ...{ entity: ENTITY, slug: 'updated', entityId: row.id },
    body: { updatedEvent: { currentEntity: showSubmission(saved) } },
  });
  return saved;
}

const CONTACT_FIELDS: Record<string, (value: unknown) => Fields> = {
  FIRST_NAME: (first) => ({ name: { first } }),
  LAST_NAME: (last) => ({ name: { last } }),
  EMAIL: (email) => ({ emails: { items: [{ tag: 'MAIN', email, primary: true }] } }),
  PHONE: (phone) => ({ phones: { items: [{ tag: 'MOBILE', phone, primary: true }] } }),
  COMPANY: (company) => ({ company }),
};

/** Finds or makes the contact of the submitter, as the form's mapping says. (s) 4.2, 8.2 */
function mapContact(scene: Scene, row: SubmissionRow): void {
  const { core, site } = scene;
  if (row.mapping !== 'waiting') return;
  const form = core.store.get(site.id, 'forms', row.formId);
  const sent = form ? contactPart(form, row.submissions) : {};
  const { formId, namespace } = row;
  // A company alone makes no contact.
  if (!sent.name && !sent.emails && !sent.phones) {
    core.store.put(site.id, 'submissions', { ...row, mapping: 'skipped' });
    announce(scene, {
      ...{ entity: ENTITY, slug: 'submission_contact_mapping_skipped', entityId: row.id },
      body: { actionEvent: { body: { formId, namespace } } },
    });
    tellAutomations(scene, row, form);
    return;
  }
  const info = readInfo(scene, sent);
  const kept = samePerson(scene, info);
  const wanted = { info, kept, activityType: 'FORM_SUBMITTED', sourceType: 'WIX_FORMS' };
  const { row: contact } = reconcile(scene, wanted);
  const saved = saveSubmission(scene, { ...row, contactId: contact.id, mapping: 'done' });
  const body = { contactId: contact.id, formId, namespace, contactIdentityType: 'CONTACT' };
  announce(scene, {
    ...{ entity: ENTITY, slug: 'submission_contact_mapped', entityId: row.id },
    body: { actionEvent: { body } },
  });
  tellAutomations(scene, saved, form);
}

function contactPart(form: FormRow, values: Fields): Fields {
  const part: Fields = {};
  for (const { inputOptions } of form.formFields) {
    const field = String(inputOptions?.contactMapping?.contactField);
    const value = inputOptions && values[inputOptions.target];
    const made = value ? CONTACT_FIELDS[field]?.(value) : undefined;
    if (made?.name) part.name = { ...(part.name as Fields), ...(made.name as Fields) };
    else if (made) Object.assign(part, made);
  }
  return part;
}

function tellAutomations(scene: Scene, row: SubmissionRow, form: FormRow | undefined): void {
  const { core, site } = scene;
  const contact = row.contactId && core.store.get(site.id, 'contacts', row.contactId);
  const fields = Object.entries(row.submissions).map(([target, value]) => [
    `field:${target}`,
    value,
  ]);
  const data = {
    ...{ formId: row.formId, formName: form?.name, submissionId: row.id },
    submissionTime: row.createdDate,
    ...Object.fromEntries(fields),
    ...(contact ? contactData(showContact(core, site, contact)) : {}),
    submissions: form ? labelled(form, row).map(({ label, value }) => ({ label, value })) : [],
  };
  automate(scene, { trigger: 'form_submitted', entityId: row.id, data });
}

/** The values with the labels of their fields, in the form's order. (s) 4.1 */
export function labelled(form: FormRow, row: SubmissionRow) {
  return form.formFields.flatMap(({ id, inputOptions }) => {
    const value = inputOptions && row.submissions[inputOptions.target];
    if (value === undefined) return [];
    return [{ label: labelOf(inputOptions), key: inputOptions?.target, value, fieldId: id }];
  });
}

const LABELS = [
  'stringOptions.textInputOptions.label',
  'stringOptions.dropdownOptions.label',
  'numberOptions.numberInputOptions.label',
  'booleanOptions.checkboxOptions.label',
  'arrayOptions.checkboxGroupOptions.label',
];

export function labelOf(options: FormRow['formFields'][number]['inputOptions']): string {
  const found = LABELS.map((path) => valueAt(options, path)).find(Boolean);
  return String(found ?? options?.target ?? '');
}

export function submissionById({ core, site }: Scene, id: string): SubmissionRow {
  const row = core.store.get(site.id, 'submissions', guidIn(id, 'submissionId'));
  if (!row || row.trashed) throw notFound('submission');
  return row;
}

/** Into the trash bin, or away for good. (s) 4.1 */
export function deleteSubmission(scene: Scene, id: string, permanent: boolean): void {
  const { core, site } = scene;
  const row = submissionById(scene, id);
  if (permanent) core.store.remove(site.id, 'submissions', row.id);
  else core.store.put(site.id, 'submissions', { ...row, trashed: true });
  announce(scene, {
    ...{ entity: ENTITY, slug: 'deleted', entityId: row.id },
    body: { deletedEvent: { movedToTrash: !permanent } },
  });
}

/** Changes values; the revision must be the present one, as a text. (s) 2.1 */
export function updateSubmission(scene: Scene, id: string, wanted: Fields): SubmissionRow {
  const { core, site } = scene;
  const row = submissionById(scene, id);
  if (wanted.revision !== row.revision) {
    throw refuse(409, 'ABORTED', 'the submission was changed since the requested revision');
  }
  const form = core.store.get(site.id, 'forms', row.formId);
  const submissions = { ...row.submissions, ...(wanted.submissions as Fields | undefined) };
  const refusal = form && submissionRefusal(form, submissions);
  if (refusal) throw refusal;
  return saveSubmission(scene, { ...row, submissions });
}

export function showSubmission({ trashed: _t, mapping: _m, ...row }: SubmissionRow): Fields {
  return present(row);
}
