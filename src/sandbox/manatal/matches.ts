import type { Core } from './core.ts';
import type { Outcome, Refusal, Values, Writing } from './records.ts';
import type { AccountRow, MatchRow, PipelineRow, Stage } from './rows.ts';

/**
 * A new match in the first stage of the job's pipeline. One per pair of candidate and job. [D]
 * Source: reference/manatal.md 8.3, 9.5
 */
export function makeMatch(writing: Writing, values: Values): Outcome<MatchRow> {
  const { core, account, user } = writing;
  const { job_pipeline_stage: wantedStage, ...rest } = values;
  const twin = core.store
    .table(account.id, 'matches')
    .where('candidate', values.candidate)
    .some((match) => match.job === values.job);
  if (twin) return duplicateRefusal(core);

  const job = core.store.table(account.id, 'jobs').get(Number(values.job));
  const pipeline = core.store.table(account.id, 'pipelines').get(job?.job_pipeline ?? 0);
  if (!job || !pipeline) throw new Error(`job ${values.job} has no pipeline`);
  const stage = wantedStage === undefined ? firstStage(pipeline) : findStage(pipeline, wantedStage);
  if (!stage) return foreignStage(wantedStage);

  const stamp = core.stamp();
  if (core.switches().matchTouchesJob) touchJob(core, account, job.id);
  const row = {
    id: core.store.nextId(account.id, 'matches'),
    external_id: null,
    owner: job.owner,
    organization: job.organization,
    creator: user,
    is_active: true,
    submitted_at: null,
    interview_at: null,
    offer_at: null,
    hired_at: null,
    dropped_at: null,
    created_at_editable: stamp,
    ...rest,
    pipeline: pipeline.id,
    stage: stage.id,
    created_at: stamp,
    updated_at: stamp,
  };
  return { ok: true, row: row as unknown as MatchRow };
}

/** Moving means another stage of the same pipeline; a drop leaves the stage as it was. [S] */
export function changeMatch(writing: Writing, row: MatchRow, values: Values): Outcome<MatchRow> {
  const { job_pipeline_stage: wantedStage, ...rest } = values;
  if (wantedStage === undefined) return { ok: true, row: { ...row, ...rest } };
  const { core, account } = writing;
  const pipeline = core.store.table(account.id, 'pipelines').get(row.pipeline);
  const stage = pipeline && findStage(pipeline, wantedStage);
  if (!stage) return foreignStage(wantedStage);
  const isLast = stage.id === byRank(pipeline).at(-1)?.id;
  const setsDate = isLast && !row.hired_at && core.switches().stageMoveSetsDate;
  const hired = setsDate ? { hired_at: core.stamp() } : {};
  return { ok: true, row: { ...row, ...hired, ...rest, stage: stage.id } };
}

/** Stages in the order people see; the array itself is in no order on purpose. [D] */
export function byRank(pipeline: PipelineRow): Stage[] {
  return [...pipeline.stages].sort((one, other) => one.rank - other.rank);
}

function firstStage(pipeline: PipelineRow): Stage | undefined {
  return byRank(pipeline)[0];
}

function findStage(pipeline: PipelineRow, id: unknown): Stage | undefined {
  return pipeline.stages.find((stage) => stage.id === id);
}

function foreignStage(id: unknown): Refusal {
  const message = `Invalid pk "${id}" - object does not exist.`;
  return { ok: false, status: 400, body: { job_pipeline_stage: { id: [message] } } };
}

function duplicateRefusal(core: Core): Refusal {
  const message = 'The fields candidate, job must make a unique set.';
  switch (core.switches().duplicateMatch) {
    case 'non_field_errors':
      return { ok: false, status: 400, body: { non_field_errors: [message] } };
    case 'detail':
      return { ok: false, status: 400, body: { detail: message } };
    case 'conflict':
      return { ok: false, status: 409, body: { detail: message } };
  }
}

function touchJob(core: Core, account: AccountRow, id: number): void {
  const job = core.store.table(account.id, 'jobs').get(id);
  if (job) core.store.put(account.id, 'jobs', { ...job, updated_at: core.stamp() });
}
