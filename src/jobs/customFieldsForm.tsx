import { Field, type FieldErrors } from '#src/look/fields.tsx';
import { type CustomFields, customTextOf } from './customFields.ts';

/** Fields that the account made for itself: texts and numbers to edit, lists to read. */
export function CustomFieldsForm({
  fields,
  typed,
  errors,
  provider,
}: {
  fields: CustomFields;
  /** What was typed and not saved yet, by key. */
  typed: Record<string, string>;
  errors?: FieldErrors;
  provider: string | null;
}) {
  const keys = Object.keys(fields).sort();
  if (keys.length === 0) return null;
  return (
    <>
      <h2>Fields of {provider ?? 'the employer’s system'}</h2>
      {keys.map((key) => {
        const text = customTextOf(fields[key]);
        const name = `custom.${key}`;
        if (text === null) return <Listed key={key} label={key} value={fields[key]} />;
        return (
          <div key={key}>
            <input type="hidden" name={`shown.${key}`} value={text} />
            <Field
              name={name}
              label={key}
              defaultValue={typed[key] ?? text}
              errors={errors}
              optional
            />
          </div>
        );
      })}
    </>
  );
}

function Listed({ label, value }: { label: string; value: unknown }) {
  const words =
    Array.isArray(value) && value.every((one) => typeof one !== 'object')
      ? value.join(', ')
      : JSON.stringify(value);
  return (
    <p className="field">
      {label}: {words} <span className="hint">Can be changed there only.</span>
    </p>
  );
}
