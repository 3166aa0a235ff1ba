import {
  amount,
  choice,
  initialSettings,
  readSettings,
  type SettingsOf,
  toggle,
} from '../switchKinds.ts';

/** How sure the reference is of something. `[U→choice]`: unknown, and this is what we chose. */
export type Mark = '[D]' | '[S]' | '[S1]' | '[I]' | '[U→choice]';

const shape = (first: 'array' | 'envelope', mark: Mark, list: string) =>
  choice<'array' | 'envelope', Mark>(
    first === 'array' ? ['array', 'envelope'] : ['envelope', 'array'],
    mark,
    `Shape of ${list}.`,
  );

/**
 * Everything about the service that is not certain, or that a test wants otherwise. The initial
 * setting is the reference's recommendation; a later look at the live service corrects it here.
 * Source: reference/manatal.md 4, 5, 8, 9, 10, 17
 */
export const SWITCHES = {
  quotaEnforced: toggle(true, '[D]', 'Refuse calls over the quota.'),
  quotaPerMinute: amount(100, 100_000, '[D]', 'Calls a key may make in 60 s.'),
  retryAfterHeader: toggle(true, '[S]', 'Send Retry-After with a 429.'),
  manahookSharesQuota: toggle(true, '[U→choice]', 'Manahook calls count too.'),
  nextHost: choice(
    ['core.api.manatal.com', 'app.manatal.com', 'same'],
    '[S]',
    'Host name written into next and previous.',
  ),
  unstableOrder: toggle(false, '[S]', 'Draw each page of a list from a slightly different order.'),
  filterIgnoresSubseconds: toggle(false, '[I]', 'Date filters compare whole seconds only.'),

  stageKeys: choice(
    ['both', 'stage_only', 'pipeline_stage_only', 'pipeline_stages_spelling'],
    '[S]',
    'Which stage keys a match carries.',
  ),
  stageKeyWritable: toggle(false, '[S1]', 'A PATCH with the old key stage moves a match.'),
  stageMoveSetsDate: toggle(false, '[U→choice]', 'A move to the last stage sets hired_at.'),
  duplicateMatch: choice(
    ['non_field_errors', 'detail', 'conflict'],
    '[U→choice]',
    'Answer to a second match of one pair: 400, 400, or 409.',
  ),
  deleteCascades: toggle(true, '[U→choice]', 'Deleting a job or candidate removes its matches.'),
  matchTouchesJob: toggle(false, '[U→choice]', 'A new match moves the updated_at of its job.'),
  childTouchesParent: toggle(false, '[U→choice]', 'A new note moves updated_at of what it is on.'),
  jobOrganizationFixed: toggle(false, '[U→choice]', 'A PATCH cannot change a job’s organization.'),
  moneyAsNumbers: toggle(false, '[S]', 'Pay is written as numbers, not strings.'),
  tidiesText: toggle(false, '[U→choice]', 'A job’s description is kept in an editor’s spelling.'),
  writtenInstantsWithoutZone: toggle(false, '[S1]', 'Instants a client wrote come back without Z.'),

  secondResume: choice(
    ['refuse', 'replace', 'add'],
    '[S1]',
    'A second resume: 400, or 201 and it replaces or joins the first.',
  ),
  noResume: choice(['not_found', 'empty'], '[S1]', 'Reading the resume of someone without one.'),
  downloadSeconds: amount(30, 86_400, '[U→choice]', 'Seconds until a given file is fetched.'),
  downloadMegabytes: amount(5, 100, '[D]', 'A larger file is dropped in silence.'),
  resumeFieldDelaySeconds: amount(0, 86_400, '[I]', 'Seconds from the fetch to candidate.resume.'),
  linkSeconds: amount(3600, 86_400, '[D]', 'Life of a signed link.'),

  studiesEditable: toggle(true, '[S1]', 'Educations and experiences can be changed.'),
  resumeShape: choice(['array', 'object', 'envelope'], '[D]', 'Shape of a candidate’s resume.'),
  notesShape: shape('array', '[D]', 'notes'),
  attachmentsShape: shape('array', '[D]', 'attachments'),
  educationsShape: shape('array', '[D]', 'educations'),
  experiencesShape: shape('array', '[D]', 'experiences'),
  socialMediaShape: shape('array', '[D]', 'social media'),
  activitiesShape: shape('envelope', '[U→choice]', 'activities'),
  tagsShape: shape('array', '[U→choice]', 'a candidate’s tags'),
  skillsShape: shape('array', '[U→choice]', 'skills'),
  nationalitiesShape: shape('array', '[D]', 'nationalities'),
  currenciesShape: shape('array', '[D]', 'currencies'),
  languagesShape: shape('array', '[D]', 'languages'),
  industriesShape: shape('envelope', '[S]', 'industries'),
  pipelinesShape: shape('envelope', '[S]', 'job pipelines'),
  matchStagesShape: shape('envelope', '[S]', 'match stages'),
  webhooksShape: shape('array', '[D]', 'Manahook subscriptions'),

  careerNamesEmployer: toggle(false, '[S]', 'Rows of the career page name the organization.'),
  careerCutOff: toggle(true, '[S1]', 'The career page cuts off whoever calls fast for long.'),
  formOptions: choice(['strings', 'objects'], '[U→choice]', 'Elements of a question’s options.'),
  formCatalogues: choice(
    ['given', 'absent'],
    '[U→choice]',
    'Options of a question about nationality or currency: ids with labels, or null.',
  ),

  selfCausedEvents: toggle(true, '[I]', 'Writes through the API fire webhooks too.'),
  movedOnDrop: toggle(false, '[U→choice]', 'Dropping a match fires match/moved.'),
  payloadShape: choice(
    ['mixed', 'object_id', 'object', 'envelope', 'nested'],
    '[U→choice]',
    'Body of a webhook delivery; mixed draws one of the four each time.',
  ),
  deliveryDelaySeconds: amount(1, 3600, '[U→choice]', 'Seconds from an event to its delivery.'),
  deliveryAttempts: amount(1, 20, '[U→choice]', 'How often a delivery is tried.'),
  deliveryRetrySeconds: amount(60, 86_400, '[U→choice]', 'Seconds between two tries.'),
  webhookLost: amount(0, 1, '[U→choice]', 'Chance that a delivery is never sent.'),
  webhookDoubled: amount(0, 1, '[U→choice]', 'Chance that a delivery is sent twice.'),
  webhookLate: amount(0, 1, '[U→choice]', 'Chance that a delivery comes late.'),
  webhookLateSeconds: amount(300, 86_400, '[U→choice]', 'How late.'),
  webhookReordered: amount(0, 1, '[U→choice]', 'Chance that later deliveries overtake it.'),
  webhookForged: amount(0, 1, '[U→choice]', 'Chance of a forged delivery beside a true one.'),
};

export type SwitchName = keyof typeof SWITCHES;
export type Switches = SettingsOf<typeof SWITCHES>;

export const initialSwitches = (): Switches => initialSettings(SWITCHES);

/** The settings among `given` that fit, and a sentence for each that does not. */
export const readSwitches = (given: Record<string, unknown>) => readSettings(SWITCHES, given);
