import { isRow, type Row, refOf } from './reading.ts';

/** Where an application stands in KiEX, from the start to the end. */
const order = ['sent', 'in_review', 'interview', 'offer', 'hired'] as const;
export type StageStatus = (typeof order)[number] | 'not_selected';

/** One stage of the account's pipelines and what it means in KiEX. */
export interface MappedStage {
  name: string;
  rank: number;
  pipeline: string;
  status: StageStatus;
}

/** Stage id -> what it means; per connection, guessed first, editable. reference/manatal.md 9.5 */
export type StageMap = Readonly<Record<string, MappedStage>>;

/** Words in the names recruiters give their stages, the surest first. */
const hints: readonly [RegExp, StageStatus][] = [
  [/reject|declin|not selected|unsuccess|disqualif|drop|withdr|lost/, 'not_selected'],
  [/hired|placed|placement|onboard|started|joined|accepted|contract signed/, 'hired'],
  [/offer/, 'offer'],
  [/interview|site visit|trial|on-?site|assessment|test day|meeting|client call/, 'interview'],
  [
    /screen|review|phone|short-?list|submitted|submission|contacted|qualif|process|call/,
    'in_review',
  ],
  [/inbox|new|applied|applicant|sourced|lead|received|application/, 'sent'],
];

/** A guess from the stage's name and place: the first stage is where everybody begins. */
export function guessStatus(name: string, isFirst: boolean): StageStatus {
  const plain = name.toLowerCase();
  const hint = hints.find(([words]) => words.test(plain));
  return hint ? hint[1] : isFirst ? 'sent' : 'in_review';
}

/**
 * The stage map of an account: what staff chose is kept, new stages are guessed, names follow.
 * pipelines  rows of /job-pipelines/. reference/manatal.md 9.6
 */
export function mapStages(pipelines: readonly unknown[], before: StageMap): StageMap {
  const map: Record<string, MappedStage> = {};
  for (const pipeline of pipelines.filter(isRow)) {
    const listed = Array.isArray(pipeline.job_pipeline_stages) ? pipeline.job_pipeline_stages : [];
    const stages = listed.filter(isRow);
    const first = Math.min(...stages.map((stage) => Number(stage.rank)));
    for (const stage of stages) {
      const id = refOf(stage);
      if (!id) continue;
      const name = String(stage.name ?? '');
      const rank = Number(stage.rank);
      const status = before[id]?.status ?? guessStatus(name, rank === first);
      map[id] = { name, rank, pipeline: String(pipeline.name ?? ''), status };
    }
  }
  return map;
}

/** The stage of a match, under any of the names it goes by. reference/manatal.md 18 */
export function stageOf(match: Row): Row | null {
  const candidates = [match.job_pipeline_stage, match.job_pipeline_stages, match.stage];
  return candidates.find(isRow) ?? null;
}

export const isDropped = (match: Row) =>
  match.is_active === false || (match.dropped_at !== null && match.dropped_at !== undefined);

const given = (raw: unknown) => raw !== null && raw !== undefined && raw !== '';

/**
 * What KiEX says of a match: dropped ends it; else the furthest that either its dates or its stage
 * tell, since whether moving a stage sets the date is not known. reference/manatal.md 9.5
 */
export function statusOf(match: Row, map: StageMap): StageStatus {
  if (isDropped(match)) return 'not_selected';
  const dates: StageStatus = given(match.hired_at)
    ? 'hired'
    : given(match.offer_at)
      ? 'offer'
      : given(match.interview_at)
        ? 'interview'
        : given(match.submitted_at)
          ? 'in_review'
          : 'sent';
  const stage = stageOf(match);
  const id = stage && refOf(stage);
  // A stage that is newer than the map is guessed in the same way until the map is read again.
  const staged = stage
    ? ((id && map[id]?.status) ?? guessStatus(String(stage.name ?? ''), stage.rank === 1))
    : 'sent';
  if (staged === 'not_selected') return staged;
  const furthest = Math.max(
    order.indexOf(dates as (typeof order)[number]),
    order.indexOf(staged as (typeof order)[number]),
  );
  return order[furthest] ?? 'sent';
}
