import { Form, useSearchParams } from 'react-router';
import type { FailureFilter } from '#src/sync/deadLetters.ts';
import { recordWords } from './labels.ts';

const RESOURCES = [
  ...['jobs', 'organizations', 'applications', 'candidates', 'resumes', 'notes'],
  ...['educations', 'experiences', 'skills', 'socialLinks'],
];
/** What staff may choose by: the stored word, and how it reads. */
const CHOICES: {
  name: 'resource' | 'kind' | 'step';
  label: string;
  values: [value: string, words: string][];
}[] = [
  { name: 'resource', label: 'Record', values: RESOURCES.map((name) => [name, recordWords(name)]) },
  {
    name: 'kind',
    label: 'Problem',
    values: [
      ['refused', 'refused there'],
      ['surprising', 'unexpected answer'],
      ['unreachable', 'no answer'],
      ['throttled', 'told to slow down'],
      ['unauthorised', 'key refused'],
    ],
  },
  {
    name: 'step',
    label: 'While',
    values: [
      ['read', 'reading it'],
      ['find', 'looking for it'],
      ['create', 'creating it'],
      ['unanswered', 'waiting for its answer'],
      ['update', 'changing it'],
      ['verify', 'checking that it arrived'],
      ['decode', 'understanding the answer'],
      ['needs', 'waiting for another record'],
    ],
  },
];

export const isNarrowed = ({ resource, kind, step }: FailureFilter) =>
  Boolean(resource || kind || step);

/** Narrows the list of failures; and does one thing to all that are in it, after a second look. */
export function FailureChoice({ filter, total }: { filter: FailureFilter; total: number }) {
  if (total === 0 && !isNarrowed(filter)) return null;
  return (
    <div className="choice">
      <Narrow filter={filter} />
      {total > 0 && (
        <div className="cluster">
          <ForAll filter={filter} intent="retryAll" words={`Retry all (${number(total)})…`}>
            <p>
              {filter.step === 'unanswered'
                ? 'They are sent again, a few at a time. Where an employer has one already, it is there twice then.'
                : 'They are tried again, a few at a time. What is refused again comes back here, and what may have arrived is not sent again.'}
            </p>
          </ForAll>
          <ForAll filter={filter} intent="dismissAll" words={`Dismiss all (${number(total)})…`}>
            <label htmlFor="reason-all">Why need these not be done?</label>
            <input id="reason-all" name="reason" maxLength={300} required />
          </ForAll>
        </div>
      )}
    </div>
  );
}

const number = (value: number) => value.toLocaleString('en-US');

function Narrow({ filter }: { filter: FailureFilter }) {
  const [query] = useSearchParams();
  return (
    <Form method="get" action="#problems" className="filters tight" preventScrollReset>
      {['connection', 'quiet'].map((name) => {
        const value = query.get(name);
        return value ? <input key={name} type="hidden" name={name} value={value} /> : null;
      })}
      {CHOICES.map(({ name, label, values }) => (
        <label key={name} className="small">
          {label}{' '}
          <select name={name} defaultValue={filter[name] ?? ''}>
            <option value="">any</option>
            {values.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </label>
      ))}
      <button type="submit" className="small-button">
        Show
      </button>
    </Form>
  );
}

function ForAll({
  filter,
  intent,
  words,
  children,
}: {
  filter: FailureFilter;
  intent: 'retryAll' | 'dismissAll';
  words: string;
  children: React.ReactNode;
}) {
  const fields = {
    intent,
    connection: filter.connectionId ?? '',
    resource: filter.resource ?? '',
    kind: filter.kind ?? '',
    step: filter.step ?? '',
  };
  return (
    <details className="confirm">
      <summary className="button small-button">{words}</summary>
      <Form method="post" className="confirm-body" preventScrollReset>
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        {children}
        <div>
          <button
            type="submit"
            className={intent === 'retryAll' ? 'small-button primary' : 'small-button danger'}
          >
            {words.replace('…', '')}
          </button>
        </div>
      </Form>
    </details>
  );
}
