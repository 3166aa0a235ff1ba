import { CheckField, Field, type FieldErrors, SelectField, TextField } from '#src/look/fields.tsx';
import { JOB_STATUS, statusWords } from '#src/look/tones.ts';
import { zoneOf, zoneWords } from '#src/platform/places.ts';
import type { Values } from '#src/sync/canonical.ts';
import { employmentWords } from './job.ts';
import { type EditableField, EMPLOYMENT_TYPES, JOB_STATUSES, PAY_PERIODS } from './jobChanges.ts';
import type { TypedJob } from './typedJob.ts';

interface JobFieldsProps {
  typed: TypedJob;
  errors?: FieldErrors;
  /** As they are stored: what a list offers depends on what was said before. */
  values: Values;
  /** The employer's system that has the job; null: none has. */
  there: Publishing | null;
}

/** What an employer's system says of publishing, and whether KiEX says it there too. */
export interface Publishing {
  provider: string;
  published: boolean;
  publishesThere: boolean;
}

/** The fields of a job that may be edited here. */
export function JobFields({ typed, errors, values, there }: JobFieldsProps) {
  const at = (name: EditableField) => ({ name, defaultValue: typed[name], errors });
  const place = (name: 'city' | 'state' | 'country' | 'zipcode') => values[name] as string | null;
  const zone = zoneOf({
    city: place('city'),
    state: place('state'),
    country: place('country'),
    zipcode: place('zipcode'),
  });
  return (
    <>
      <Field {...at('title')} label="Title" />
      <SelectField {...at('status')} label="Status">
        {options(values.status, JOB_STATUSES).map((value) => (
          <option key={value} value={value}>
            {statusWords(JOB_STATUS, value).word}
          </option>
        ))}
      </SelectField>
      <PublishField typed={typed} errors={errors} values={values} there={there} />
      <TextField
        {...at('descriptionHtml')}
        label="Description"
        hint="HTML: paragraphs, lists, headings, bold, italics and links are kept."
        rows={12}
        optional
      />
      <SelectField {...at('employmentType')} label="Type" optional>
        {options(values.employmentType, EMPLOYMENT_TYPES).map((value) => (
          <option key={value} value={value}>
            {employmentWords(value) ?? 'Not said'}
          </option>
        ))}
      </SelectField>
      <Field {...at('headcount')} label="Openings" inputMode="numeric" optional />
      <Field
        {...at('closesAt')}
        label={`Closes (${zoneWords(zone)})`}
        type="datetime-local"
        optional
      />
      <h2>Place</h2>
      <Field {...at('address')} label="Street" optional />
      <Field {...at('city')} label="City or island" optional />
      <Field {...at('state')} label="State" optional />
      <Field {...at('zipcode')} label="ZIP code" optional />
      <Field {...at('country')} label="Country" optional />
      <SelectField {...at('remote')} label="Remote" optional>
        <option value="">Not said</option>
        <option value="yes">Yes</option>
        <option value="no">No</option>
      </SelectField>
      <h2>Pay</h2>
      <Field {...at('payMin')} label="From" inputMode="decimal" optional />
      <Field {...at('payMax')} label="To" inputMode="decimal" optional />
      <Field {...at('payCurrency')} label="Currency" hint="Three letters, such as USD." optional />
      <SelectField {...at('payPeriod')} label="Per" optional>
        {options(values.payPeriod, PAY_PERIODS).map((value) => (
          <option key={value} value={value}>
            {value || 'Not said'}
          </option>
        ))}
      </SelectField>
      <CheckField
        name="payVisible"
        value="yes"
        defaultChecked={typed.payVisible === 'yes'}
        errors={errors}
        label="Show the pay to students"
      />
    </>
  );
}

/** Where publishing is one thing here and another there, what was decided here may also be nothing. */
function PublishField({ typed, errors, there }: JobFieldsProps) {
  const follows = there && !there.publishesThere ? there : null;
  const hint = there?.publishesThere
    ? `Publishing here publishes in ${there.provider} too. It may start paid job boards there.`
    : there && `Nothing is published or unpublished in ${there.provider} by this.`;
  return (
    <SelectField
      name="publishedHere"
      defaultValue={typed.publishedHere || (follows ? '' : 'no')}
      errors={errors}
      label="Shown to students"
      hint={hint}
    >
      {follows && (
        <option value="">
          As in {follows.provider}: {follows.published ? 'published' : 'not published'}
        </option>
      )}
      <option value="yes">Yes</option>
      <option value="no">No</option>
    </SelectField>
  );
}

/** The known words, with the one that stands there; "not said" only while nothing was. [M7] */
function options(current: Values[string] | undefined, known: readonly string[]): string[] {
  if (current === null || current === undefined) return ['', ...known];
  const word = String(current);
  return known.includes(word) ? [...known] : [word, ...known];
}
