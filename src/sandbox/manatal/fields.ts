import type { TableName } from './rows.ts';

/**
 * What a client may write, resource by resource. A key that is not listed here is ignored, as the
 * framework does with unknown and read-only keys. [I]
 * Source: reference/manatal.md 8.2, 9.2-9.7
 */
export interface Field {
  kind:
    | 'text'
    | 'longText'
    | 'integer'
    | 'decimal'
    | 'boolean'
    | 'choice'
    | 'date'
    | 'instant'
    | 'dateOrInstant'
    | 'key'
    | 'object'
    | 'url'
    | 'stage';
  required?: true;
  nullable?: true;
  /** Ignored once the record exists. */
  createOnly?: true;
  /** An empty text is refused. */
  filled?: true;
  choices?: readonly string[];
  /** For keys: the table the number must exist in. */
  to?: TableName;
}
export type Fields = Record<string, Field>;

export const CONTRACTS = [
  'full_time',
  'part_time',
  'temporary',
  'freelance',
  'internship',
  'apprenticeship',
  'contractor',
  'consultancy',
] as const;
export const FREQUENCIES = ['hour', 'day', 'week', 'month', 'year'] as const;
export const JOB_STATUSES = ['active', 'on_hold', 'won', 'lost'] as const;
export const GENDERS = ['male', 'female', 'other', 'unknown'] as const;
export const SOURCES = ['applied', 'sourced', 'referred', 'agency', 'other'] as const;

const shortText: Field = { kind: 'text', nullable: true };
const longText: Field = { kind: 'longText', nullable: true };
const owner: Field = { kind: 'key', to: 'users', nullable: true };
const customFields: Field = { kind: 'object' };
const day: Field = { kind: 'dateOrInstant', nullable: true };

export const ORGANIZATION_FIELDS: Fields = {
  external_id: shortText,
  name: { kind: 'text', required: true, filled: true },
  website: shortText,
  logo: longText,
  address: shortText,
  description: longText,
  owner,
  is_public: { kind: 'boolean' },
  is_visible: { kind: 'boolean' },
  custom_fields: customFields,
};

export const JOB_FIELDS: Fields = {
  external_id: shortText,
  organization: { kind: 'key', to: 'organizations', required: true },
  position_name: { kind: 'text', required: true, filled: true },
  description: longText,
  headcount: { kind: 'integer', nullable: true },
  // Choices and keys of a job refuse null. [S1]
  owner: { kind: 'key', to: 'users' },
  salary_min: { kind: 'decimal', nullable: true },
  salary_max: { kind: 'decimal', nullable: true },
  currency: shortText,
  frequency: { kind: 'choice', choices: FREQUENCIES },
  is_salary_visible: { kind: 'boolean' },
  contract_details: { kind: 'choice', choices: CONTRACTS },
  status: { kind: 'choice', choices: JOB_STATUSES },
  is_published: { kind: 'boolean' },
  is_pinned_in_career_page: { kind: 'boolean' },
  is_remote: { kind: 'boolean', nullable: true },
  address: shortText,
  zipcode: shortText,
  city: shortText,
  state: shortText,
  country: shortText,
  industry: { kind: 'key', to: 'industries' },
  open_at: { kind: 'instant', nullable: true },
  close_at: { kind: 'instant', nullable: true },
  expected_close_at: { kind: 'date', nullable: true },
  job_pipeline: { kind: 'key', to: 'pipelines', createOnly: true },
  custom_fields: customFields,
};

export const CANDIDATE_FIELDS: Fields = {
  external_id: shortText,
  full_name: { kind: 'text', required: true, filled: true },
  email: shortText,
  phone_number: shortText,
  owner,
  source_type: { kind: 'choice', choices: SOURCES },
  source_other: shortText,
  consent: { kind: 'boolean', nullable: true },
  gender: { kind: 'choice', choices: GENDERS, nullable: true },
  birth_date: { kind: 'date', nullable: true },
  address: shortText,
  zipcode: shortText,
  latest_degree: shortText,
  latest_university: shortText,
  current_company: shortText,
  current_department: shortText,
  current_position: shortText,
  description: longText,
  custom_fields: customFields,
};

export const MATCH_FIELDS: Fields = {
  external_id: shortText,
  candidate: { kind: 'key', to: 'candidates', required: true, createOnly: true },
  job: { kind: 'key', to: 'jobs', required: true, createOnly: true },
  owner,
  is_active: { kind: 'boolean' },
  job_pipeline_stage: { kind: 'stage' },
  submitted_at: day,
  interview_at: day,
  offer_at: day,
  hired_at: day,
  dropped_at: day,
  created_at_editable: day,
};

export const CONTACT_FIELDS: Fields = {
  full_name: { kind: 'text', required: true, filled: true },
  organization: { kind: 'key', to: 'organizations', required: true },
  display_name: shortText,
  email: shortText,
  phone_number: shortText,
  description: longText,
  owner,
  custom_fields: customFields,
};

const required: Field = { kind: 'longText', required: true, filled: true };

export const NOTE_FIELDS: Fields = { info: required };

export const ATTACHMENT_FIELDS: Fields = {
  name: { kind: 'text', required: true, filled: true },
  description: longText,
  file: { kind: 'url', required: true },
  creator: { kind: 'key', to: 'users', nullable: true },
};

export const RESUME_FIELDS: Fields = { resume_file: { kind: 'url', required: true } };

export const SOCIAL_MEDIA_FIELDS: Fields = {
  social_media: { kind: 'text', required: true, filled: true },
  social_media_url: { kind: 'url', required: true },
  username: shortText,
  to_be_scraped: { kind: 'boolean' },
};

/** Exact names are unknown; these are those of the application form. [U→choice] */
export const EDUCATION_FIELDS: Fields = {
  school: shortText,
  degree_name: shortText,
  specialization: shortText,
  started_at: { kind: 'date', nullable: true },
  ended_at: { kind: 'date', nullable: true },
  location: shortText,
  description: longText,
};

/** Exact names are unknown; these are those of the application form. [U→choice] */
export const EXPERIENCE_FIELDS: Fields = {
  title: shortText,
  employer: shortText,
  started_at: { kind: 'date', nullable: true },
  ended_at: { kind: 'date', nullable: true },
  is_current_employer: { kind: 'boolean' },
  location: shortText,
  description: longText,
};

export const CANDIDATE_SKILL_FIELDS: Fields = {
  skill_name: { kind: 'text', required: true, filled: true },
  score: { kind: 'integer', nullable: true },
};
export const CANDIDATE_TAG_FIELDS: Fields = {
  tag: { kind: 'text', required: true, filled: true },
};
export const CANDIDATE_NATIONALITY_FIELDS: Fields = {
  country: { kind: 'text', required: true, filled: true },
};
