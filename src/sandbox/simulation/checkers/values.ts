import { toSnakeCase } from 'drizzle-orm/casing';
import { guessStatus } from '#src/applications/stageMap.ts';
import { isPartKind } from '#src/students/partKinds.ts';
import { instant, text, type Value } from '#src/sync/canonical.ts';
import { type Field, spread } from '#src/sync/fields.ts';
import { isRecord, type OurRow, rowsOf, type Scene, type TheirRow, theirRows } from './scene.ts';

/** Our row of a record with the mapped fields under their columns; undefined: it is not there. */
export function ourRowOf(
  scene: Scene,
  of: { connectionId: string; resource: string; ourId: string },
): OurRow | undefined {
  const { resource, ourId } = of;
  if (resource === 'candidates') return applicantOf(scene, of);
  if (isPartKind(resource)) return partOf(scene, of);
  return rowsOf(scene, toSnakeCase(resource)).find((row) => row.id === ourId);
}

/** A student as one account may know them: what they agreed to share with it, and no more. [P1] */
function applicantOf(
  scene: Scene,
  { connectionId, ourId }: { connectionId: string; ourId: string },
): OurRow | undefined {
  const user = rowsOf(scene, 'users').find((row) => row.id === ourId);
  if (!user) return undefined;
  const student = rowsOf(scene, 'students').find((row) => row.user_id === ourId);
  const agreed = agreedCategories(scene, { connectionId, studentId: ourId });
  const shared = (name: string) => (agreed.has(name) ? student?.[name] : null);
  return {
    name: agreed.has('name') ? user.name : null,
    email: agreed.has('email') ? user.email : null,
    phone: shared('phone'),
    address: shared('address'),
    external_id: ourId,
    consent: true,
    about: agreed.has('profile') ? student?.about : null,
    ...(agreed.has('profile') ? currentWork(scene, ourId) : {}),
  };
}

/** A line of a profile, where its student shares it with the account. */
function partOf(
  scene: Scene,
  { connectionId, ourId }: { connectionId: string; ourId: string },
): OurRow | undefined {
  const row = rowsOf(scene, 'profile_parts').find(({ id }) => id === ourId);
  if (!row || row.removed_at !== null) return undefined;
  const studentId = String(row.student_id);
  if (!agreedCategories(scene, { connectionId, studentId }).has('profile')) return undefined;
  const values = Object.entries(row.values as OurRow);
  return Object.fromEntries(values.map(([name, value]) => [toSnakeCase(name), value]));
}

/** The job that began last of those a student works in. */
function currentWork(scene: Scene, studentId: string) {
  const jobs = rowsOf(scene, 'profile_parts')
    .filter((row) => row.student_id === studentId && row.removed_at === null)
    .filter((row) => row.kind === 'experiences' && (row.values as OurRow).isCurrent === true)
    .map((row) => ({ id: String(row.id), values: row.values as OurRow }));
  const key = ({ id, values }: (typeof jobs)[number]) => `${values.startedOn ?? ''} ${id}`;
  const last = jobs.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)).at(-1);
  if (!last) return {};
  return { current_position: last.values.title, current_employer: last.values.employer };
}

/** Categories of a student's data that this account may have now. */
export function agreedCategories(
  scene: Scene,
  { connectionId, studentId }: { connectionId: string; studentId: string },
): Set<string> {
  const jobs = new Set(
    rowsOf(scene, 'links')
      .filter((link) => link.connection_id === connectionId && link.resource === 'jobs')
      .map((link) => link.our_id),
  );
  const applications = new Set(
    rowsOf(scene, 'applications')
      .filter((row) => row.student_id === studentId && jobs.has(row.job_id))
      .map((row) => row.id),
  );
  const standing = rowsOf(scene, 'agreements').filter(
    (row) => applications.has(row.application_id) && row.withdrawn_at === null,
  );
  return new Set(standing.flatMap((row) => row.categories as string[]));
}

/** The mapping table of one record: what is merged key by key stands in it once for each key. */
export function fieldsFor(fields: readonly Field[], ours: OurRow, theirs: TheirRow): Field[] {
  const names = fields.flatMap((field) =>
    field.keyed
      ? [ours[toSnakeCase(field.ours)], theirs[field.theirs]].flatMap((object) =>
          isRecord(object) ? Object.keys(object).map((key) => `${field.ours}.${key}`) : [],
        )
      : [],
  );
  return spread(fields, names);
}

/** What stands in a row, or under one key of an object in it: 'customFields.shift'. */
function standsAt(row: OurRow, column: string, name: string): unknown {
  const dot = name.indexOf('.');
  if (dot < 0) return row[column];
  const object = row[column];
  return isRecord(object) ? object[name.slice(dot + 1)] : undefined;
}

/** Our value of a field in canonical form. */
export function ourValue(row: OurRow, field: Field): Value {
  const [name = ''] = field.ours.split('.');
  const read = field.canonical(standsAt(row, toSnakeCase(name), field.ours));
  if ('problem' in read) throw new Error(`our ${field.ours} cannot be read: ${read.problem}`);
  return read.value;
}

/** Their value of a field in canonical form; a problem when nobody could read it. */
export function theirValue(
  scene: Scene,
  row: TheirRow,
  { field, resource, connectionId }: { field: Field; resource: string; connectionId: string },
): ReturnType<Field['canonical']> {
  if (field.theirs !== '') return field.canonical(standsAt(row, field.theirs, field.ours));
  const work = workedOut[`${resource}.${field.ours}`];
  if (!work) throw new Error(`nobody told the judges how ${resource}.${field.ours} is worked out`);
  return field.canonical(work(scene, row, connectionId));
}

type Working = (scene: Scene, row: TheirRow, connectionId: string) => unknown;

/** Fields that no single field of theirs tells. Source: reference/manatal.md 9.3, 9.5 */
const workedOut: Readonly<Record<string, Working>> = {
  // Of a page only: what it shows is open.
  'jobs.status': () => 'open',
  'jobs.published': () => true,
  'jobs.postedAt': (_scene, row) => plainOf(instant(row.open_at ?? row.created_at)),
  'applications.stageName': (scene, row, connectionId) =>
    plainOf(text(stageOfMatch(scene, row, connectionId)?.name)),
  'applications.stageId': (_scene, row) => String(row.stage),
  'publicApplicants.stageName': (scene, row, connectionId) =>
    plainOf(text(stageOfMatch(scene, row, connectionId)?.name)),
  'publicApplicants.stageId': (_scene, row) => String(row.stage),
  'publicApplicants.candidateId': (_scene, row) => String(row.candidate),
  // Their own people signed it; nobody did when somebody came by a public page.
  'publicApplicants.addedByStaff': (_scene, row) => row.creator !== null,
};

const plainOf = (read: ReturnType<Field['canonical']>) => ('value' in read ? read.value : null);

const stageOfMatch = (scene: Scene, match: TheirRow, connectionId: string) =>
  stageBy(scene, connectionId, match.stage);

const stageNameOf = (scene: Scene, connectionId: string, stage: unknown) =>
  stageBy(scene, connectionId, stage)?.name;

function stageBy(scene: Scene, connectionId: string, stage: unknown) {
  const account = scene.accounts.find((one) => one.connectionId === connectionId);
  const pipelines = account ? theirRows(scene, account.accountId, 'pipelines') : [];
  return pipelines
    .flatMap((pipeline) => pipeline.stages as { id: number; name: string }[])
    .find(({ id }) => id === stage);
}

/** How far an application has come, from the first step to the last. */
const steps = ['sent', 'in_review', 'interview', 'offer', 'hired'];

/**
 * What a recruiter's decisions mean to a student: dropped ends it, else the furthest that a date or
 * the stage says. What a stage means is the connection's own setting.
 */
export function statusOfMatch(scene: Scene, match: TheirRow, connectionId: string): string {
  if (match.is_active === false || match.dropped_at) return 'not_selected';
  const staged = meaningOfStage(scene, connectionId, match.stage);
  if (staged === 'not_selected') return staged;
  const reached = [
    'sent',
    match.submitted_at ? 'in_review' : 'sent',
    match.interview_at ? 'interview' : 'sent',
    match.offer_at ? 'offer' : 'sent',
    match.hired_at ? 'hired' : 'sent',
    staged,
  ];
  return steps[Math.max(...reached.map((step) => steps.indexOf(step)))]!;
}

function meaningOfStage(scene: Scene, connectionId: string, stage: unknown): string {
  const connection = rowsOf(scene, 'connections').find((row) => row.id === connectionId);
  const settings = connection?.settings;
  const map = isRecord(settings) && isRecord(settings.stageMap) ? settings.stageMap : {};
  const entry = map[String(stage)];
  if (isRecord(entry)) return String(entry.status);
  // Not looked at since it was made there: its name is all there is to go by. [M7]
  const name = stageNameOf(scene, connectionId, stage);
  return name === undefined ? 'sent' : guessStatus(name, false);
}
