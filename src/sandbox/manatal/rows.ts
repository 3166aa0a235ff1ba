/**
 * What the simulator keeps, table by table. Field names are those of the API where a field is shown
 * as it is kept; `render.ts` builds the rest (links, nested stages).
 *
 * Instants are kept as `YYYY-MM-DDTHH:MM:SS.ffffffZ`, so that they compare as text.
 * Source: reference/manatal.md 9
 */
export interface Row {
  id: number;
}

export interface AccountRow extends Row {
  label: string;
  /** The API key as the client sends it. These keys open nothing but this simulator. */
  key: string;
  /** Further tokens of the account: an old one works on beside a new one until it is deleted. */
  moreKeys?: string[];
  careerSlug: string;
  /** The key acts as this user: its writes carry the id as `creator`. */
  keyUser: number;
  access: Access;
}

/** What the key may do: everything, or one of the three ways to be locked out. */
export const ACCESS = ['granted', 'plan_without_api', 'payment_due', 'revoked'] as const;
export type Access = (typeof ACCESS)[number];

export interface UserRow extends Row {
  full_name: string;
  display_name: string;
  email: string;
  /** Users who left vanish from the list while their ids stay in other records. */
  left: boolean;
}

interface Stamped extends Row {
  created_at: string;
  updated_at: string;
}

interface Owned extends Stamped {
  external_id: string | null;
  creator: number | null;
  owner: number | null;
  custom_fields: Record<string, unknown>;
}

export interface OrganizationRow extends Owned {
  name: string;
  website: string | null;
  logo: string | null;
  address: string | null;
  description: string | null;
  is_public: boolean;
  is_visible: boolean;
}

export interface JobRow extends Owned {
  hash: string;
  organization: number;
  position_name: string;
  description: string | null;
  headcount: number | null;
  salary_min: string | null;
  salary_max: string | null;
  currency: string | null;
  frequency: string | null;
  is_salary_visible: boolean;
  contract_details: string | null;
  status: string;
  is_published: boolean;
  is_pinned_in_career_page: boolean;
  is_remote: boolean | null;
  address: string | null;
  zipcode: string | null;
  city: string | null;
  state: string | null;
  country: string | null;
  industry: number | null;
  open_at: string | null;
  close_at: string | null;
  expected_close_at: string | null;
  job_pipeline: number;
}

export interface CandidateRow extends Owned {
  hash: string;
  full_name: string;
  email: string | null;
  phone_number: string | null;
  source_type: string;
  source_other: string | null;
  source_details: Record<string, unknown> | null;
  consent: boolean | null;
  consent_date: string | null;
  gender: string | null;
  birth_date: string | null;
  address: string | null;
  zipcode: string | null;
  latest_degree: string | null;
  latest_university: string | null;
  current_company: string | null;
  current_department: string | null;
  current_position: string | null;
  description: string | null;
}

export interface MatchRow extends Stamped {
  external_id: string | null;
  candidate: number;
  job: number;
  organization: number | null;
  owner: number | null;
  creator: number | null;
  is_active: boolean;
  pipeline: number;
  stage: number;
  submitted_at: string | null;
  interview_at: string | null;
  offer_at: string | null;
  hired_at: string | null;
  dropped_at: string | null;
  created_at_editable: string | null;
}

export interface ContactRow extends Owned {
  full_name: string;
  organization: number;
  display_name: string | null;
  email: string | null;
  phone_number: string | null;
  description: string | null;
}

export interface Stage {
  id: number;
  name: string;
  rank: number;
}

export interface PipelineRow extends Row {
  name: string;
  stages: Stage[];
}

export interface NamedRow extends Row {
  name: string;
}

/** A question of the application form. Source: reference/manatal.md 11.2 */
export interface QuestionRow extends Row {
  label: string;
  slug: string;
  is_required: boolean;
  type: string;
  display_type: string;
  options: string[] | null;
}

/** A row below a candidate, job, match ...; `parent` is written `candidates/91000001`. */
export interface ChildRow extends Row {
  parent: string;
  creator: number | null;
  created_at: string;
  [field: string]: unknown;
}

/** A resume or attachment. Not shown until `downloadedAt` is set; a failed download removes it. */
export interface FileRow extends ChildRow {
  name: string | null;
  description: string | null;
  /** Where the service still has to fetch it from; null once fetched. */
  sourceUrl: string | null;
  downloadAt: string | null;
  downloadedAt: string | null;
  contentType: string | null;
  extension: string;
}

export interface WebhookRow extends Row {
  model: string;
  action: string;
  target_url: string;
  created_at: string;
  updated_at: string;
}

export interface DeliveryRow extends Row {
  subscription: number;
  model: string;
  action: string;
  objectId: number;
  targetUrl: string;
  body: unknown;
  /** Why this delivery exists or how it was spoilt. */
  fault: 'none' | 'lost' | 'doubled' | 'late' | 'reordered' | 'forged';
  dueAt: string;
  sentAt: string | null;
  attempts: number;
  /** The receiver's last HTTP status; null when nothing was answered. */
  status: number | null;
  outcome: 'waiting' | 'delivered' | 'failed' | 'lost';
}

/** One row per store: what was switched in the inspector, and how far the clock was pushed. */
export interface SettingsRow extends Row {
  switches: Record<string, unknown>;
  shiftedMilliseconds: number;
}

export interface Tables {
  accounts: AccountRow;
  settings: SettingsRow;
  users: UserRow;
  organizations: OrganizationRow;
  jobs: JobRow;
  candidates: CandidateRow;
  matches: MatchRow;
  contacts: ContactRow;
  pipelines: PipelineRow;
  industries: NamedRow;
  questions: QuestionRow;
  skills: NamedRow;
  tags: NamedRow;
  notes: ChildRow;
  attachments: FileRow;
  resumes: FileRow;
  activities: ChildRow;
  educations: ChildRow;
  experiences: ChildRow;
  socialMedia: ChildRow;
  candidateTags: ChildRow;
  candidateSkills: ChildRow;
  candidateNationalities: ChildRow;
  webhooks: WebhookRow;
  deliveries: DeliveryRow;
}

export type TableName = keyof Tables;

/**
 * The first id of each table. Every account counts from the same number on purpose: ids are unique
 * per account only [I] (section 13), so a client that forgets the connection meets the clash here.
 */
export const FIRST_IDS: Record<TableName | 'stages', number> = {
  accounts: 1,
  settings: 1,
  users: 880001,
  organizations: 3300101,
  jobs: 5100201,
  candidates: 91002301,
  matches: 77120001,
  contacts: 2200501,
  pipelines: 41201,
  stages: 515001,
  industries: 401101,
  questions: 811,
  skills: 60501,
  tags: 70301,
  notes: 30901,
  attachments: 710001,
  resumes: 640001,
  activities: 90101,
  educations: 52001,
  experiences: 53001,
  socialMedia: 54001,
  candidateTags: 55001,
  candidateSkills: 56001,
  candidateNationalities: 57001,
  webhooks: 2201,
  deliveries: 1,
};
