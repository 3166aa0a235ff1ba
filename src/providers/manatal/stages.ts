import { guessStatus, type MappedStage, type StageMap } from '#src/applications/stageMap.ts';
import { isRow, type Row, refOf } from './reading.ts';

/**
 * The stage map of an account after a look at its pipelines: what a stage means stays, new stages
 * are guessed, names follow, and a stage that is not shown any more keeps its meaning: applications
 * may stand in it, and missing is not deleted. [A1]
 *
 * pipelines  rows of /job-pipelines/. reference/manatal.md 9.6
 */
export function mapStages(pipelines: readonly unknown[], before: StageMap): StageMap {
  const isFirstLook = Object.keys(before).length === 0;
  const map: Record<string, MappedStage> = {};
  for (const [id, stage] of Object.entries(before)) map[id] = { ...stage, isMissing: true };
  for (const pipeline of pipelines.filter(isRow)) {
    const listed = Array.isArray(pipeline.job_pipeline_stages) ? pipeline.job_pipeline_stages : [];
    const stages = listed.filter(isRow);
    const first = Math.min(...stages.map((stage) => Number(stage.rank)));
    for (const stage of stages) {
      const id = refOf(stage);
      if (!id) continue;
      const name = String(stage.name ?? '');
      const rank = Number(stage.rank);
      const shown = { name, rank, pipeline: String(pipeline.name ?? '') };
      map[id] = before[id]
        ? seenAgain(before[id], shown)
        : newStage(shown, { isFirst: isFirstLook && rank === first, isNew: !isFirstLook });
    }
  }
  return map;
}

type Shown = Pick<MappedStage, 'name' | 'rank' | 'pipeline'>;

function seenAgain(before: MappedStage, shown: Shown): MappedStage {
  const { isMissing: _, ...kept } = before;
  return { ...kept, mappedAs: before.mappedAs ?? before.name, ...shown };
}

/**
 * One that comes later is guessed by its name alone, as an application in it was before the map had
 * it: being first where everybody begins is known of the first look only.
 */
function newStage(
  shown: Shown,
  { isFirst, isNew }: { isFirst: boolean; isNew: boolean },
): MappedStage {
  const status = guessStatus(shown.name, isFirst);
  return { ...shown, status, mappedAs: shown.name, ...(isNew ? { isNew } : {}) };
}

/** The stage of a match, under any of the names it goes by. reference/manatal.md 18 */
export function stageOf(match: Row): Row | null {
  const candidates = [match.job_pipeline_stage, match.job_pipeline_stages, match.stage];
  return candidates.find(isRow) ?? null;
}

export const isDropped = (match: Row) =>
  match.is_active === false || (match.dropped_at !== null && match.dropped_at !== undefined);
