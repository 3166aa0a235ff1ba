import { Form, useNavigation } from 'react-router';
import { ErrorSummary, Field } from '#src/look/fields.tsx';
import type { FieldErrors, ProbeLine } from './commands.ts';
import { ProbeLines } from './probeLines.tsx';

interface AddConnectionProps {
  employers: string[];
  answer: {
    lines: ProbeLine[] | null;
    errors: FieldErrors;
    typed: { label: string; organizationName: string };
  } | null;
}

/** Adding a Manatal account: where to click there, paste here, test, save. One form, one key. */
export function AddConnection({ employers, answer }: AddConnectionProps) {
  const busyWith = useNavigation().formData?.get('intent');
  const errors = answer?.errors;
  return (
    <Form method="post" action="#add" className="card stack" preventScrollReset noValidate>
      <ErrorSummary errors={errors} />
      <ol className="steps">
        <li>
          <h3>Make a key in Manatal</h3>
          <p className="quiet-text">
            As an administrator of the employer’s Manatal account, open{' '}
            <strong>Administration → Features → Open API</strong> and press{' '}
            <strong>Generate new token</strong>. The Open API needs Manatal’s Enterprise Plus plan,
            or has to be switched on by Manatal’s support.
          </p>
        </li>
        <li>
          <h3>Paste it here</h3>
          <div className="steps-fields">
            <div className="field-pair">
              <Field
                name="organizationName"
                label="Employer"
                hint="As students should read it above the jobs."
                list="employers"
                autoComplete="off"
                defaultValue={answer?.typed.organizationName}
                errors={errors}
              />
              <Field
                name="label"
                label="Name of the connection"
                hint="Only staff see it."
                autoComplete="off"
                defaultValue={answer?.typed.label}
                errors={errors}
              />
            </div>
            <datalist id="employers">
              {employers.map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
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
