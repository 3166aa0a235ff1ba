import { Form, useNavigation } from 'react-router';
import { ErrorSummary, Field, SelectField } from '#src/look/fields.tsx';
import type { FieldErrors, ProbeLine } from './commands.ts';
import { ProbeLines } from './probeLines.tsx';

/** What was typed, without the key. */
export interface Typed {
  label: string;
  organizationName: string;
  organizationId: string;
}

interface AddConnectionProps {
  employers: string[];
  /** For an employer's person: those they act for. Null for staff, who name any. */
  ownEmployers: { id: string; name: string }[] | null;
  answer: {
    lines: ProbeLine[] | null;
    errors: FieldErrors;
    typed: Typed;
  } | null;
}

/** Adding a Manatal account: where to click there, paste here, test, save. One form, one key. */
export function AddConnection({ employers, ownEmployers, answer }: AddConnectionProps) {
  const busyWith = useNavigation().formData?.get('intent');
  const errors = answer?.errors;
  return (
    <Form method="post" action="#add" className="card stack" preventScrollReset noValidate>
      <ErrorSummary errors={errors} />
      <ol className="steps">
        <li>
          <h3>Make a key in Manatal</h3>
          <p className="quiet-text">
            As an administrator of {ownEmployers ? 'your' : 'the employer’s'} Manatal account, open{' '}
            <strong>Administration → Features → Open API</strong> and press{' '}
            <strong>Generate new token</strong>. The Open API needs Manatal’s Enterprise Plus plan,
            or has to be switched on by Manatal’s support.
          </p>
        </li>
        <li>
          <h3>Paste it here</h3>
          <div className="steps-fields">
            {ownEmployers ? (
              <OwnEmployer choices={ownEmployers} typed={answer?.typed} errors={errors} />
            ) : (
              <AnyEmployer employers={employers} typed={answer?.typed} errors={errors} />
            )}
            <Field
              name="key"
              type="password"
              label="Manatal key"
              hint="Kept encrypted. Afterwards only its last four characters are shown."
              autoComplete="off"
              spellCheck={false}
              errors={errors}
            />
            {answer && (
              <noscript>
                <p className="hint">
                  For safety the key never comes back in a page: please paste it again.
                </p>
              </noscript>
            )}
          </div>
        </li>
        <li>
          <h3>Test, then save</h3>
          <p className="quiet-text">
            The test only reads. Nothing is changed in Manatal, and nothing is saved here.
          </p>
          {answer?.lines && <ProbeLines lines={answer.lines} />}
          <div className="form-actions">
            <button type="submit" name="intent" value="testKey">
              {busyWith === 'testKey' ? 'Testing…' : 'Test Connection'}
            </button>
            <button type="submit" name="intent" value="add" className="primary">
              {busyWith === 'add' ? 'Saving…' : 'Save connection'}
            </button>
          </div>
        </li>
      </ol>
    </Form>
  );
}

interface WhoseProps {
  typed: Typed | undefined;
  errors: FieldErrors | undefined;
}

function AnyEmployer({ employers, typed, errors }: WhoseProps & { employers: string[] }) {
  return (
    <>
      <div className="field-pair">
        <Field
          name="organizationName"
          label="Employer"
          hint="As students should read it above the jobs."
          list="employers"
          autoComplete="off"
          defaultValue={typed?.organizationName}
          errors={errors}
        />
        <Field
          name="label"
          label="Name of the connection"
          hint="Only staff and the employer see it."
          autoComplete="off"
          defaultValue={typed?.label}
          errors={errors}
        />
      </div>
      <datalist id="employers">
        {employers.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

/** An employer's person connects for an employer they act for, and for no other. */
function OwnEmployer({
  choices,
  typed,
  errors,
}: WhoseProps & { choices: { id: string; name: string }[] }) {
  const [only, another] = choices;
  return (
    <div className="field-pair">
      {only && !another ? (
        <input type="hidden" name="organizationId" value={only.id} />
      ) : (
        <SelectField
          name="organizationId"
          label="Employer"
          hint="Whose account it is."
          defaultValue={typed?.organizationId}
          errors={errors}
        >
          {choices.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      <Field
        name="label"
        label="Name of the connection"
        hint="To tell several accounts apart, such as “Head office”."
        autoComplete="off"
        defaultValue={typed?.label}
        errors={errors}
        optional
      />
    </div>
  );
}
