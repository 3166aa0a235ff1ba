import { z } from 'zod';
import {
  amount,
  type Canonical,
  html,
  instant,
  text,
  type Value,
  type Values,
} from '#src/sync/canonical.ts';
import type { StoredJob } from './synced.ts';

/** The fields of a job that may be edited here. The rest the employer's side decides. */
export const editableFields = [
  'title',
  'descriptionHtml',
  'employmentType',
  'address',
  'city',
  'state',
  'country',
  'zipcode',
  'remote',
  'payMin',
  'payMax',
  'payCurrency',
  'payPeriod',
  'payVisible',
  'headcount',
  'closesAt',
  'status',
  'publishedHere',
] as const satisfies readonly (keyof StoredJob)[];

export type EditableField = (typeof editableFields)[number];

export const EMPLOYMENT_TYPES = [
  'full_time',
  'part_time',
  'temporary',
  'freelance',
  'internship',
  'apprenticeship',
  'contractor',
  'consultancy',
] as const;
/** What people here may say of a job. Other words come from an employer's system, and stay theirs. */
export const JOB_STATUSES = ['open', 'paused', 'filled', 'closed'] as const;
export const PAY_PERIODS = ['hour', 'day', 'week', 'month', 'year'] as const;

const readings: Partial<Record<EditableField, Canonical>> = {
  descriptionHtml: html,
  payMin: amount,
  payMax: amount,
  closesAt: instant,
};

/** The editable fields of a stored job, in canonical form. [M5] */
export function editableValues(row: StoredJob): Values {
  const values: Record<string, Value> = {};
  for (const name of editableFields) {
    const value = (readings[name] ?? text)(row[name]);
    const plain = typeof row[name] === 'boolean' || typeof row[name] === 'number';
    values[name] = plain ? (row[name] as Value) : 'value' in value ? value.value : null;
  }
  return values;
}

const lineMax = 255;
const descriptionMax = 50_000;
const headcountMax = 10_000;

/** Reads a value as the engine will compare it, so that what is stored is what travels. [M5] */
const read = (canonical: Canonical) => (raw: unknown) => {
  const value = canonical(raw);
  return 'value' in value ? value.value : raw;
};

const line = z.preprocess(
  read(text),
  z
    .string()
    .refine((value) => [...value].length <= lineMax, `Write at most ${lineMax} characters.`)
    .nullable(),
);
const pay = z.preprocess(
  read(amount),
  z
    .string()
    .regex(/^\d{1,10}(\.\d{1,2})?$/, 'Write an amount such as 12.50, or leave it empty.')
    .nullable(),
);

/**
 * What may be changed in a job, by our field names. Only the fields that are there are looked at.
 * A word of another system for the type or the pay period passes only where it stands already.
 */
export const jobChanges = z
  .strictObject({
    title: line.refine((value) => value !== null, 'A job needs a title.'),
    descriptionHtml: z.preprocess(
      read(html),
      z.string().max(descriptionMax, 'Write at most 50,000 characters.').nullable(),
    ),
    employmentType: line,
    address: line,
    city: line,
    state: line,
    country: line,
    zipcode: line,
    remote: z.boolean().nullable(),
    payMin: pay,
    payMax: pay,
    payCurrency: z.preprocess(
      (raw) => (typeof raw === 'string' ? raw.trim().toUpperCase() || null : raw),
      z
        .string()
        .regex(/^[A-Z]{3}$/, 'Write the three letters of a currency, such as USD.')
        .nullable(),
    ),
    payPeriod: line,
    payVisible: z.boolean(),
    headcount: z
      .int('Write a whole number, or leave it empty.')
      .min(1, 'Write 1 or more, or leave it empty.')
      .max(headcountMax, 'Write at most 10,000.')
      .nullable(),
    closesAt: z.preprocess(read(instant), z.iso.datetime('Choose a day and a time.').nullable()),
    status: line,
    publishedHere: z.boolean().nullable(),
  })
  .partial();

export type JobChanges = z.input<typeof jobChanges>;

/** field -> a sentence for the person who edits. */
export type EditErrors = Partial<Record<EditableField, string>>;

/** What is wrong with changed values by themselves; empty when nothing is. */
export function readJobChanges(
  changes: JobChanges,
): { ok: true; values: Values } | { ok: false; errors: EditErrors } {
  const checked = jobChanges.safeParse(changes);
  if (checked.success) return { ok: true, values: checked.data as Values };
  const errors: EditErrors = {};
  for (const issue of checked.error.issues) {
    const name = issue.path[0] as EditableField | undefined;
    if (!name) throw new Error(`not a field of a job: ${issue.message}`);
    errors[name] ??= issue.message;
  }
  return { ok: false, errors };
}

const choices = { employmentType: EMPLOYMENT_TYPES, payPeriod: PAY_PERIODS } as const;

/** What is wrong with the job that the changes would make of `before`. Pure. */
export function changeErrors(before: Values, changes: Values): EditErrors {
  const errors: EditErrors = {};
  for (const name of ['employmentType', 'payPeriod'] as const) {
    const value = changes[name];
    if (value === undefined || value === before[name]) continue;
    const known: readonly unknown[] = choices[name];
    // Employers' systems keep a choice once it is made; an empty one would be refused there.
    if (value === null) errors[name] = 'Once it is said, it can be changed but not taken back.';
    else if (!known.includes(value)) errors[name] = 'Choose one of the list.';
  }
  const { status } = changes;
  if (status !== undefined && status !== before.status) {
    const known: readonly unknown[] = JOB_STATUSES;
    if (!known.includes(status)) errors.status = 'Choose one of the list.';
  }
  const after = { ...before, ...changes };
  const [min, max] = [after.payMin, after.payMax];
  const moved = 'payMin' in changes || 'payMax' in changes;
  if (moved && min && max && Number(min) > Number(max)) {
    errors['payMax' in changes ? 'payMax' : 'payMin'] = 'The most is less than the least.';
  }
  return errors;
}
