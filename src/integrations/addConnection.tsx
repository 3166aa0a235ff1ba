import { Form, Link, useNavigation } from 'react-router';
import { ErrorSummary, Field } from '#src/look/fields.tsx';
import type { FieldErrors, Offer, ProbeLine } from './commands.ts';
import { Lacks } from './lacks.tsx';
import { ProbeLines } from './probeLines.tsx';

interface AddConnectionProps {
  /** Every way there is, and the one that is shown. */
  offers: Offer[];
  offer: Offer;
  employers: string[];
  answer: {
    lines: ProbeLine[] | null;
    errors: FieldErrors;
    typed: { label: string; organizationName: string; key: string };
  } | null;
}

/** Adding an account: where to click there, paste here, test, save. One form, one way at a time. */
export function AddConnection({ offers, offer, employers, answer }: AddConnectionProps) {
  const busyWith = useNavigation().formData?.get('intent');
  const errors = answer?.errors;
  return (
    <div className="stack">
      <Ways offers={offers} offer={offer} />
      <Form
        key={offer.provider}
        method="post"
        action={`${addressOf(offer)}#add`}
        className="card stack"
        preventScrollReset
        noValidate
      >
        <ErrorSummary errors={errors} />
        {offer.lacks && <Lacks lacks={offer.lacks} />}
        <ol className="steps">
          <li>{offer.publicName ? <FindThePage /> : <MakeAKey />}</li>
          <li>
            <h3>Paste it here</h3>
            <Fields {...{ offer, employers, answer }} />
          </li>
          <li>
            <h3>Test, then save</h3>
            <p className="quiet-text">
              The test only reads. Nothing is changed in Manatal, and nothing is saved here.
            </p>
            {answer?.lines && <ProbeLines lines={answer.lines} />}
            <div className="form-actions">
              <input type="hidden" name="provider" value={offer.provider} />
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
    </div>
  );
}

/** The page with the form of one way. */
const addressOf = ({ provider }: Offer) => `?with=${provider}`;

const wayWords = ({ label, publicName }: Offer) =>
  `${label} (${publicName ? 'no API key' : 'API key'})`;

function Ways({ offers, offer }: Pick<AddConnectionProps, 'offers' | 'offer'>) {
  return (
    <nav className="cluster" aria-label="Ways to connect">
      {offers.map((one) => {
        const isShown = one.provider === offer.provider;
        return (
          <Link
            key={one.provider}
            to={`${addressOf(one)}#add`}
            preventScrollReset
            className={isShown ? 'button small-button primary' : 'button small-button'}
            aria-current={isShown ? 'true' : undefined}
          >
            {wayWords(one)}
          </Link>
        );
      })}
    </nav>
  );
}

function MakeAKey() {
  return (
    <>
      <h3>Make a key in Manatal</h3>
      <p className="quiet-text">
        As an administrator of the employer’s Manatal account, open{' '}
        <strong>Administration → Features → Open API</strong> and press{' '}
        <strong>Generate new token</strong>. The Open API needs Manatal’s Enterprise Plus plan, or
        has to be switched on by Manatal’s support.
      </p>
    </>
  );
}

function FindThePage() {
  return (
    <>
      <h3>Find the employer’s career page</h3>
      <p className="quiet-text">
        It is the public page with the employer’s open jobs. Open it in a browser and copy its
        address, like <code>https://www.careers-page.com/pacific-stay</code>.
      </p>
    </>
  );
}

function Fields({
  offer,
  employers,
  answer,
}: Pick<AddConnectionProps, 'offer' | 'employers' | 'answer'>) {
  const errors = answer?.errors;
  return (
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
      {offer.publicName ? (
        <Field
          name="key"
          label={offer.publicName}
          hint="The whole address, or the name in it. It is no secret."
          autoComplete="off"
          spellCheck={false}
          defaultValue={answer?.typed.key}
          errors={errors}
        />
      ) : (
        <>
          <Field
            name="key"
            type="password"
            label={`${offer.label} key`}
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
        </>
      )}
    </div>
  );
}
