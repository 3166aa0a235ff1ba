import type {
  InputHTMLAttributes,
  ReactNode,
  SelectHTMLAttributes,
  TextareaHTMLAttributes,
} from 'react';
import { Notice } from './page.tsx';

/** name -> the sentence that says what is wrong with what was typed there. */
export type FieldErrors = Record<string, string>;

interface FieldWords {
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  /** Shows "(optional)" beside the label; without it the field is required. */
  optional?: boolean;
  errors?: FieldErrors;
}

/** The attributes that tie a control to its label, hint and error. */
function wiring({ name, hint, errors }: FieldWords) {
  const described = [hint && `${name}-hint`, errors?.[name] && `${name}-error`].filter(Boolean);
  return {
    id: name,
    name,
    'aria-invalid': errors?.[name] ? true : undefined,
    'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
  } as const;
}

/** Not `required`: the server's own words stand at the field, in every browser the same. */
const required = (optional?: boolean) => (optional ? {} : ({ 'aria-required': true } as const));

function Around({ children, ...words }: FieldWords & { children: ReactNode }) {
  const { name, label, hint, optional, errors } = words;
  return (
    <div className="field">
      <label htmlFor={name}>
        {label} {optional && <span className="optional">(optional)</span>}
      </label>
      {hint && (
        <p className="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <FieldError name={name} errors={errors} />
      {children}
    </div>
  );
}

/** The sentence under a label when something is wrong with a field. */
export function FieldError({ name, errors }: { name: string; errors?: FieldErrors }) {
  if (!errors?.[name]) return null;
  return (
    <p className="field-error" id={`${name}-error`}>
      {errors[name]}
    </p>
  );
}

type Control<T> = FieldWords & Omit<T, keyof FieldWords>;

/** A labelled input. `defaultValue` keeps what was typed after an error. */
export function Field({
  label,
  hint,
  optional,
  errors,
  ...input
}: Control<InputHTMLAttributes<HTMLInputElement>>) {
  const words = { name: input.name, label, hint, optional, errors };
  return (
    <Around {...words}>
      <input type="text" {...input} {...wiring(words)} {...required(optional)} />
    </Around>
  );
}

export function TextField({
  label,
  hint,
  optional,
  errors,
  ...input
}: Control<TextareaHTMLAttributes<HTMLTextAreaElement>>) {
  const words = { name: input.name, label, hint, optional, errors };
  return (
    <Around {...words}>
      <textarea {...input} {...wiring(words)} {...required(optional)} />
    </Around>
  );
}

export function SelectField({
  label,
  hint,
  optional,
  errors,
  children,
  ...input
}: Control<SelectHTMLAttributes<HTMLSelectElement>>) {
  const words = { name: input.name, label, hint, optional, errors };
  return (
    <Around {...words}>
      <select {...input} {...wiring(words)} {...required(optional)}>
        {children}
      </select>
    </Around>
  );
}

/** A checkbox or radio with its words at the right. `hint` stands below them. */
export function CheckField({
  label,
  hint,
  errors,
  optional,
  id,
  ...input
}: Control<InputHTMLAttributes<HTMLInputElement>>) {
  const words = { name: input.name, label, hint, errors };
  const own = id ?? (input.type === 'radio' ? `${input.name}-${input.value}` : input.name);
  return (
    <>
      <FieldError name={input.name} errors={errors} />
      <div className="check">
        <input
          type="checkbox"
          {...input}
          {...wiring(words)}
          id={own}
          aria-describedby={hint ? `${own}-hint` : undefined}
        />
        <label htmlFor={own}>
          {label}
          {hint && (
            <span className="hint" id={`${own}-hint`} style={{ display: 'block' }}>
              {hint}
            </span>
          )}
        </label>
      </div>
    </>
  );
}

/** All errors on top of a form, each a link to its field. Renders nothing without errors. */
export function ErrorSummary({ errors, title }: { errors?: FieldErrors; title?: string }) {
  const entries = Object.entries(errors ?? {});
  if (entries.length === 0) return null;
  const words =
    title ??
    (entries.length === 1 ? 'One thing needs a look' : `${entries.length} things need a look`);
  return (
    <div className="error-summary" role="alert">
      <Notice tone="bad" title={words}>
        <ul>
          {entries.map(([name, sentence]) => (
            <li key={name}>
              <a href={`#${name}`}>{sentence}</a>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
