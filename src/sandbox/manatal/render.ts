import type { Core } from './core.ts';
import { showInstant } from './instants.ts';
import { signedLink } from './links.ts';
import type { AccountRow, CandidateRow, JobRow, MatchRow, PipelineRow, Stage } from './rows.ts';

export type Shown = Record<string, unknown>;

/** A job as the API shows it. Source: reference/manatal.md 9.3, sample 16.1 */
export function showJob(core: Core, account: AccountRow, job: JobRow): Shown {
  const industry = job.industry && core.store.table(account.id, 'industries').get(job.industry);
  return {
    ...job,
    salary_min: showMoney(core, job.salary_min),
    salary_max: showMoney(core, job.salary_max),
    industry: industry ? { id: industry.id, name: industry.name } : null,
    open_at: showWritten(core, job.open_at),
    close_at: showWritten(core, job.close_at),
    career_page_url: job.is_published
      ? `https://www.careers-page.com/${account.careerSlug}/job/${job.hash}`
      : null,
  };
}

/** A candidate as the API shows it, with a fresh signed link. Source: 9.4, sample 16.2 */
export function showCandidate(core: Core, account: AccountRow, candidate: CandidateRow): Shown {
  const parent = `candidates/${candidate.id}`;
  return {
    ...candidate,
    consent_date: candidate.consent_date && showInstant(candidate.consent_date),
    picture: null,
    // Nobody writes it, though an address is there. [S]
    candidate_location: null,
    resume: resumeLink(core, account, parent),
    candidate_tags: showTags(core, account, parent),
    candidate_industries: [],
    skills: showSkills(core, account, parent),
  };
}

/** A match as the API shows it: bare candidate id, the stage under one or two keys. Source: 9.5 */
export function showMatch(core: Core, account: AccountRow, match: MatchRow): Shown {
  const { pipeline: pipelineId, stage: stageId, ...rest } = match;
  const pipeline = core.store.table(account.id, 'pipelines').get(pipelineId);
  const stage = pipeline?.stages.find(({ id }) => id === stageId);
  return {
    ...rest,
    ...stageKeys(core, pipeline, stage),
    submitted_at: showWritten(core, match.submitted_at),
    interview_at: showWritten(core, match.interview_at),
    offer_at: showWritten(core, match.offer_at),
    hired_at: showWritten(core, match.hired_at),
    dropped_at: showWritten(core, match.dropped_at),
    created_at_editable: showWritten(core, match.created_at_editable),
  };
}

function stageKeys(core: Core, pipeline: PipelineRow | undefined, stage: Stage | undefined): Shown {
  const old = stage ? { id: stage.id, name: stage.name } : null;
  const real =
    stage && pipeline ? { ...stage, job_pipeline: { id: pipeline.id, name: pipeline.name } } : null;
  switch (core.switches().stageKeys) {
    case 'both':
      return { stage: old, job_pipeline_stage: real };
    case 'stage_only':
      return { stage: old };
    case 'pipeline_stage_only':
      return { job_pipeline_stage: real };
    case 'pipeline_stages_spelling':
      return { stage: old, job_pipeline_stages: real };
  }
}

function showMoney(core: Core, money: string | null): string | number | null {
  return money !== null && core.switches().moneyAsNumbers ? Number(money) : money;
}

/** An instant or date a client wrote. */
function showWritten(core: Core, kept: string | null): string | null {
  if (!kept?.includes('T')) return kept;
  const shown = showInstant(kept);
  return core.switches().writtenInstantsWithoutZone ? shown.replace('Z', '') : shown;
}

function resumeLink(core: Core, account: AccountRow, parent: string): string | null {
  const delay = core.switches().resumeFieldDelaySeconds * 1000;
  const now = core.clock.now().getTime();
  const resume = core.store
    .table(account.id, 'resumes')
    .where('parent', parent)
    .findLast((row) => row.downloadedAt && new Date(row.downloadedAt).getTime() + delay <= now);
  return resume ? signedLink(core, account.id, 'resumes', resume) : null;
}

function showTags(core: Core, account: AccountRow, parent: string): Shown[] {
  const links = core.store.table(account.id, 'candidateTags').where('parent', parent);
  return links.map((link) => {
    const tag = core.store.table(account.id, 'tags').get(Number(link.tagId));
    return { id: link.id, tag_id: link.tagId, tag_name: tag?.name ?? null, tag_color: '#5B6770' };
  });
}

function showSkills(core: Core, account: AccountRow, parent: string): Shown[] {
  const rows = core.store.table(account.id, 'candidateSkills').where('parent', parent);
  return rows.map(({ parent: _parent, creator: _creator, ...skill }) => skill);
}
