import { changeCandidate, makeCandidate } from './candidates.ts';
import { type Actor, type Core, userOf } from './core.ts';
import { announce, type EventPair } from './events.ts';
import {
  CANDIDATE_FIELDS,
  CONTACT_FIELDS,
  type Fields,
  JOB_FIELDS,
  MATCH_FIELDS,
  ORGANIZATION_FIELDS,
} from './fields.ts';
import { keptValues, makeJob } from './jobs.ts';
import { changeMatch, makeMatch } from './matches.ts';
import { makeContact, makeOrganization } from './parties.ts';
import { type Shown, showCandidate, showJob, showMatch } from './render.ts';
import type { AccountRow, TableName, Tables } from './rows.ts';
import { type FieldErrors, validate } from './validate.ts';

/** The five records with a top-level address of their own. */
export const RECORD_NAMES = [
  'organizations',
  'jobs',
  'candidates',
  'contacts',
  'matches',
] as const satisfies readonly TableName[];
export type RecordName = (typeof RECORD_NAMES)[number];

/** A refusal carries the status and body the service would answer with. */
export type Refusal = {
  ok: false;
  status: 400 | 404 | 409;
  body: FieldErrors | { detail: string };
};
export type Outcome<Kept> = { ok: true; row: Kept } | Refusal;

/** What making or changing a record needs to know. */
export interface Writing {
  core: Core;
  account: AccountRow;
  actor: Actor;
  /** The user the write is signed with; null for a public applicant. */
  user: number | null;
}
export type Values = Record<string, unknown>;

interface Rules<Kept> {
  fields: Fields;
  make(writing: Writing, values: Values): Outcome<Kept>;
  /** What a PATCH really changes; absent means exactly the fields sent. */
  change?(writing: Writing, row: Kept, values: Values): Outcome<Kept>;
  show(core: Core, account: AccountRow, row: Kept): Shown;
  /** The event a change fires, if any. `former` is null for a new record. */
  event(core: Core, former: Kept | null, row: Kept): EventPair | null;
}

const RULES: { [Name in RecordName]: Rules<Tables[Name]> } = {
  organizations: {
    fields: ORGANIZATION_FIELDS,
    make: makeOrganization,
    show: (_core, _account, row) => ({ ...row }),
    event: () => null,
  },
  jobs: {
    fields: JOB_FIELDS,
    make: makeJob,
    change(writing, row, { organization, ...rest }) {
      const isFixed = writing.core.switches().jobOrganizationFixed;
      const moved = organization === undefined || isFixed ? {} : { organization };
      return {
        ok: true,
        row: { ...row, ...keptValues(writing, rest), ...moved } as Tables['jobs'],
      };
    },
    show: showJob,
    // Only the status is told; new jobs and other edits are silent. [D]
    event: (_core, former, row) =>
      former && former.status !== row.status ? { model: 'job', action: 'status_update' } : null,
  },
  candidates: {
    fields: CANDIDATE_FIELDS,
    make: makeCandidate,
    change: changeCandidate,
    show: showCandidate,
    event: (_core, former) => ({ model: 'candidate', action: former ? 'update' : 'create' }),
  },
  contacts: {
    fields: CONTACT_FIELDS,
    make: makeContact,
    show: (_core, _account, row) => ({ ...row }),
    event: (_core, former) => ({ model: 'contact', action: former ? 'update' : 'create' }),
  },
  matches: {
    fields: MATCH_FIELDS,
    make: makeMatch,
    change: changeMatch,
    show: showMatch,
    event(core, former, row) {
      if (!former) return { model: 'match', action: 'create' };
      const moved = former.stage !== row.stage;
      const dropped = former.is_active && !row.is_active && core.switches().movedOnDrop;
      return moved || dropped ? { model: 'match', action: 'moved' } : null;
    },
  },
};

/** Creates a record from a request body or form, and fires its event. */
export function createRecord<Name extends RecordName>(
  core: Core,
  account: AccountRow,
  wanted: { name: Name; body: unknown; actor: Actor },
): Outcome<Tables[Name]> {
  const rules: Rules<Tables[Name]> = RULES[wanted.name];
  const checked = check(core, account, { fields: rules.fields, body: wanted.body, creating: true });
  if (!checked.ok) return { ok: false, status: 400, body: checked.errors };
  const writing = { core, account, actor: wanted.actor, user: userOf(account, wanted.actor) };
  const made = rules.make(writing, checked.values);
  if (!made.ok) return made;
  core.store.put(account.id, wanted.name, made.row);
  tell(writing, wanted.name, null, made.row);
  return made;
}

/** Changes the fields sent and no other, moves `updated_at`, and fires the event. [D] */
export function updateRecord<Name extends RecordName>(
  core: Core,
  account: AccountRow,
  wanted: { name: Name; id: number; body: unknown; actor: Actor },
): Outcome<Tables[Name]> {
  const rules: Rules<Tables[Name]> = RULES[wanted.name];
  const former = core.store.table(account.id, wanted.name).get(wanted.id);
  if (!former) return { ok: false, status: 404, body: { detail: 'Not found.' } };
  const body = renameStageKey(core, wanted.name, wanted.body);
  const checked = check(core, account, { fields: rules.fields, body, creating: false });
  if (!checked.ok) return { ok: false, status: 400, body: checked.errors };
  const writing = { core, account, actor: wanted.actor, user: userOf(account, wanted.actor) };
  const changed: Outcome<Tables[Name]> = rules.change
    ? rules.change(writing, former, checked.values)
    : { ok: true, row: { ...former, ...checked.values } };
  if (!changed.ok) return changed;
  const row: Tables[Name] = { ...changed.row, updated_at: core.stamp() };
  core.store.put(account.id, wanted.name, row);
  tell(writing, wanted.name, former, row);
  return { ok: true, row };
}

/** Removes a record for good; nothing tells of it. [D] What happens to its matches is a switch. */
export function removeRecord(
  core: Core,
  account: AccountRow,
  wanted: { name: RecordName; id: number },
): boolean {
  const { name, id } = wanted;
  if (!core.store.table(account.id, name).get(id)) return false;
  core.store.remove(account.id, name, id);
  if (core.switches().deleteCascades && (name === 'jobs' || name === 'candidates')) {
    const field = name === 'jobs' ? 'job' : 'candidate';
    const matches = core.store.table(account.id, 'matches').where(field, id);
    for (const match of [...matches]) core.store.remove(account.id, 'matches', match.id);
  }
  return true;
}

/** A record as the API shows it. */
export function showRecord<Name extends RecordName>(
  core: Core,
  account: AccountRow,
  name: Name,
  row: Tables[Name],
): Shown {
  const rules: Rules<Tables[Name]> = RULES[name];
  return rules.show(core, account, row);
}

function check(
  core: Core,
  account: AccountRow,
  options: { fields: Fields; body: unknown; creating: boolean },
) {
  const exists = (table: TableName, id: number) =>
    core.store.table(account.id, table).get(id) !== undefined;
  return validate(options.fields, options.body, { creating: options.creating, exists });
}

/** Old clients move a match with the key `stage`; whether that still works is a switch. [S1] */
function renameStageKey(core: Core, name: RecordName, body: unknown): unknown {
  if (name !== 'matches' || !core.switches().stageKeyWritable) return body;
  if (typeof body !== 'object' || body === null || !('stage' in body)) return body;
  return { job_pipeline_stage: body.stage, ...body };
}

function tell<Name extends RecordName>(
  writing: Writing,
  name: Name,
  former: Tables[Name] | null,
  row: Tables[Name],
): void {
  const rules: Rules<Tables[Name]> = RULES[name];
  const pair = rules.event(writing.core, former, row);
  if (!pair) return;
  const { core, account, actor } = writing;
  announce(core, account, { pair, objectId: row.id, shown: rules.show(core, account, row), actor });
}
