import { addChild, changeChild } from './children.ts';
import type { Actor, Core } from './core.ts';
import type { Files } from './files.ts';
import { byRank } from './matches.ts';
import {
  createRecord,
  type Outcome,
  type RecordName,
  removeRecord,
  updateRecord,
} from './records.ts';
import type {
  AccountRow,
  CandidateRow,
  ChildRow,
  FileRow,
  JobRow,
  MatchRow,
  OrganizationRow,
} from './rows.ts';

export interface Applicant {
  job: number;
  full_name: string;
  email?: string;
  phone_number?: string;
  address?: string;
  resume?: Uint8Array;
}

/** What people do inside Manatal, outside the API: the recruiter's hands, and public applicants. */
export interface Recruiter {
  addOrganization(body: Record<string, unknown>): Outcome<OrganizationRow>;
  editOrganization(id: number, body: Record<string, unknown>): Outcome<OrganizationRow>;
  postJob(body: Record<string, unknown>): Outcome<JobRow>;
  editJob(id: number, body: Record<string, unknown>): Outcome<JobRow>;
  editCandidate(id: number, body: Record<string, unknown>): Outcome<CandidateRow>;
  /** Puts somebody who is there already on a job. */
  putOnJob(candidate: number, job: number): Outcome<MatchRow>;
  move(match: number, stage: number): Outcome<MatchRow>;
  drop(match: number): Outcome<MatchRow>;
  undrop(match: number): Outcome<MatchRow>;
  /** Sets `hired_at` and moves to the last stage of the pipeline. */
  hire(match: number): Outcome<MatchRow>;
  /** A day, or a day and a time; null takes it away. */
  giveDate(
    match: number,
    name: 'interview_at' | 'offer_at',
    value: string | null,
  ): Outcome<MatchRow>;
  /** In the account's own settings; nothing tells of it, and no match counts as changed. */
  renameStage(stage: number, name: string): void;
  /** A new last stage of a pipeline. Returns its id. */
  addStage(pipeline: number, name: string): number;
  /** Removes for good; nothing tells of it. */
  remove(name: RecordName, id: number): boolean;
  /** Changes a row below a candidate. */
  editRow(table: 'educations' | 'experiences', id: number, values: Record<string, unknown>): void;
  addNote(name: RecordName, id: number, info: string): ChildRow;
  /** Someone applies on the career page: a candidate and a match with `creator: null`. [D] */
  receiveApplication(applicant: Applicant): Outcome<MatchRow>;
}

export function createRecruiter(core: Core, files: Files, account: AccountRow): Recruiter {
  const users = core.store.table(account.id, 'users').rows;
  const user = users.find(({ id, left }) => id !== account.keyUser && !left)?.id;
  const actor: Actor = { by: 'recruiter', user: user ?? account.keyUser };
  const changeMatch = (id: number, body: Record<string, unknown>) =>
    updateRecord(core, account, { name: 'matches', id, body, actor });
  const now = () => core.clock.now().toISOString();

  return {
    addOrganization: (body) => createRecord(core, account, { name: 'organizations', body, actor }),
    editOrganization: (id, body) =>
      updateRecord(core, account, { name: 'organizations', id, body, actor }),
    postJob: (body) => createRecord(core, account, { name: 'jobs', body, actor }),
    editJob: (id, body) => updateRecord(core, account, { name: 'jobs', id, body, actor }),
    editCandidate: (id, body) =>
      updateRecord(core, account, { name: 'candidates', id, body, actor }),
    putOnJob: (candidate, job) =>
      createRecord(core, account, { name: 'matches', body: { candidate, job }, actor }),
    move: (match, stage) => changeMatch(match, { job_pipeline_stage: { id: stage } }),
    drop: (match) => changeMatch(match, { is_active: false, dropped_at: now() }),
    undrop: (match) => changeMatch(match, { is_active: true, dropped_at: null }),
    hire(match) {
      const row = core.store.table(account.id, 'matches').get(match);
      const pipeline = row && core.store.table(account.id, 'pipelines').get(row.pipeline);
      const last = pipeline ? byRank(pipeline).at(-1) : undefined;
      const moved = last ? { job_pipeline_stage: { id: last.id } } : {};
      return changeMatch(match, { hired_at: now(), ...moved });
    },
    giveDate: (match, name, value) => changeMatch(match, { [name]: value }),
    renameStage(stage, name) {
      for (const row of core.store.table(account.id, 'pipelines').rows) {
        const stages = row.stages.map((one) => (one.id === stage ? { ...one, name } : one));
        core.store.put(account.id, 'pipelines', { ...row, stages });
      }
    },
    addStage(pipeline, name) {
      const row = core.store.table(account.id, 'pipelines').get(pipeline);
      if (!row) throw new Error(`there is no pipeline ${pipeline}`);
      const id = core.store.nextId(account.id, 'stages');
      const rank = 1 + Math.max(0, ...row.stages.map((stage) => stage.rank));
      const stages = [{ id, name, rank }, ...row.stages];
      core.store.put(account.id, 'pipelines', { ...row, stages });
      return id;
    },
    remove: (name, id) => removeRecord(core, account, { name, id }),
    editRow(table, id, values) {
      const row = core.store.table(account.id, table).get(id);
      if (row) changeChild(core, files, { account, table, row, values });
    },
    addNote: (name, id, info) =>
      addChild(core, files, {
        account,
        table: 'notes',
        parent: `${name}/${id}`,
        values: { info },
        user: actor.user,
      }),
    receiveApplication: (applicant) => receiveApplication(core, files, account, applicant),
  };
}

function receiveApplication(
  core: Core,
  files: Files,
  account: AccountRow,
  applicant: Applicant,
): Outcome<MatchRow> {
  const { job, resume, ...person } = applicant;
  const actor: Actor = { by: 'public' };
  const body = { ...person, consent: true };
  const candidate = createRecord(core, account, { name: 'candidates', body, actor });
  if (!candidate.ok) return candidate;
  if (resume) keepResume(core, files, account, candidate.row, resume);
  const match = { candidate: candidate.row.id, job };
  return createRecord(core, account, { name: 'matches', body: match, actor });
}

/** The career page takes the file itself, so there is nothing to download. [D] */
function keepResume(
  core: Core,
  files: Files,
  account: AccountRow,
  candidate: CandidateRow,
  bytes: Uint8Array,
): void {
  const row: FileRow = {
    id: core.store.nextId(account.id, 'resumes'),
    parent: `candidates/${candidate.id}`,
    creator: null,
    name: null,
    description: null,
    created_at: core.stamp(),
    sourceUrl: null,
    downloadAt: null,
    downloadedAt: core.clock.now().toISOString(),
    contentType: 'application/pdf',
    extension: 'pdf',
  };
  files.keep(account.id, 'resumes', row.id, bytes);
  core.store.put(account.id, 'resumes', row);
}
