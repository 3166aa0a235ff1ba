import {
  CheckField,
  Field,
  FieldError,
  type FieldErrors,
  SelectField,
  TextField,
} from '#src/look/fields.tsx';
import type { Question } from '#src/sync/connector.ts';
import { fieldOf, type TypedAnswers } from './employerForm.ts';

interface Asking {
  typed: TypedAnswers;
  errors?: FieldErrors;
}

/** The employer's own questions, each as a field of its kind. The resume has a step of its own. */
export function QuestionFields({
  questions,
  ...asking
}: Asking & { questions: readonly Question[] }) {
  return questions
    .filter(({ kind }) => kind !== 'file')
    .map((question) => <QuestionField key={question.id} question={question} {...asking} />);
}

function QuestionField({ question, typed, errors }: Asking & { question: Question }) {
  const given = typed[question.id] ?? [];
  const shared = {
    name: fieldOf(question),
    label: question.label,
    optional: !question.required,
    errors,
    defaultValue: given[0],
  };
  switch (question.kind) {
    case 'text':
      return <TextField {...shared} rows={5} />;
    case 'one':
      return (
        <SelectField {...shared}>
          <option value="">{question.required ? 'Choose…' : 'No answer'}</option>
          <Options question={question} />
        </SelectField>
      );
    case 'several':
      return <Several {...{ question, given, errors }} />;
    default:
      return <Field {...shared} {...INPUT[question.kind]} />;
  }
}

/** Hints and keyboards by kind; a text field all the same, so that nothing typed is ever dropped. */
const INPUT: Partial<Record<Question['kind'], { hint?: string; [name: string]: unknown }>> = {
  email: { type: 'email', autoComplete: 'email' },
  phone: {
    type: 'tel',
    autoComplete: 'tel',
    hint: 'With the country code, like +1 671 555 0123.',
  },
  url: { inputMode: 'url', hint: 'An address like https://example.com.' },
  date: { type: 'date' },
  number: { inputMode: 'decimal' },
};

function Options({ question }: { question: Question }) {
  return question.options.map(({ value, label }) => (
    <option key={String(value)} value={String(value)}>
      {label}
    </option>
  ));
}

function Several({
  question,
  given,
  errors,
}: {
  question: Question;
  given: readonly string[];
  errors?: FieldErrors;
}) {
  const name = fieldOf(question);
  return (
    <fieldset
      className="field"
      id={name}
      aria-describedby={errors?.[name] ? `${name}-error` : undefined}
    >
      <legend>
        {question.label} {!question.required && <span className="optional">(optional)</span>}
      </legend>
      <FieldError name={name} errors={errors} />
      {question.options.map(({ value, label }, index) => (
        <CheckField
          key={String(value)}
          id={`${name}-${index}`}
          name={name}
          value={String(value)}
          label={label}
          defaultChecked={given.includes(String(value))}
        />
      ))}
    </fieldset>
  );
}
