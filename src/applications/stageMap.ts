import type { Value } from '#src/sync/canonical.ts';

/** Where an employer's side can put an application, from the start to the end. */
const order = ['sent', 'in_review', 'interview', 'offer', 'hired'] as const;
export const STAGE_STATUSES = [...order, 'not_selected'] as const;
export type StageStatus = (typeof STAGE_STATUSES)[number];

export const isStageStatus = (text: unknown): text is StageStatus =>
  STAGE_STATUSES.includes(text as StageStatus);

/** One stage of an account's pipelines and what it means in KiEX. */
export interface MappedStage {
  name: string;
  rank: number;
  pipeline: string;
  status: StageStatus;
  /** What it was called when its meaning was guessed or chosen; missing in old settings. */
  mappedAs?: string;
  /** Staff have chosen, or looked at the guess and kept it. */
  chosen?: boolean;
  /** It came after the map was first made, and no person has looked at it since. */
  isNew?: boolean;
  /** The last look at the pipelines did not show it. Its meaning is kept: missing is not deleted. */
  isMissing?: boolean;
}

/** Stage id -> what it means; per connection, guessed first, editable. */
export type StageMap = Readonly<Record<string, MappedStage>>;

/** The stage map in a connection's settings. */
export const stageMapOf = (settings: Readonly<Record<string, unknown>>): StageMap =>
  (typeof settings.stageMap === 'object' && settings.stageMap !== null
    ? settings.stageMap
    : {}) as StageMap;

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

/** What an employer's side says of an application; all that its status follows from. */
export interface Facts {
  /** False: it was dropped. Null: it does not say. */
  active: boolean | null;
  stageId: string | null;
  stageName: string | null;
  presentedAt: Date | Value;
  interviewAt: Date | Value;
  offerAt: Date | Value;
  hiredAt: Date | Value;
  droppedAt: Date | Value;
}

/**
 * What KiEX says of an application, by the facts and the stage map alone: dropped ends it; else the
 * furthest that either its dates or its stage tell, since whether moving a stage sets the date is
 * not known. A stage that the map does not have yet is guessed by its name.
 * Source: reference/manatal.md 9.5; docs/decisions/0004
 */
export function statusOf(facts: Facts, map: StageMap): StageStatus {
  if (facts.active === false || facts.droppedAt) return 'not_selected';
  const staged = stagedStatus(facts, map);
  if (staged === 'not_selected') return staged;
  const dated = [
    facts.hiredAt && 'hired',
    facts.offerAt && 'offer',
    facts.interviewAt && 'interview',
    facts.presentedAt && 'in_review',
  ].find(Boolean);
  const placeOf = (status: string | undefined | false) =>
    order.indexOf(status as (typeof order)[number]);
  return order[Math.max(0, placeOf(dated as string), placeOf(staged))]!;
}

function stagedStatus({ stageId, stageName }: Facts, map: StageMap): StageStatus {
  const known = stageId === null ? undefined : map[stageId]?.status;
  if (isStageStatus(known)) return known;
  return stageName === null ? 'sent' : guessStatus(stageName, false);
}

/** May people still be surprised by it: no person has looked at what this stage means? */
export const isUnknownStage = (map: StageMap, stageId: string): boolean =>
  !map[stageId] || map[stageId].isNew === true;
