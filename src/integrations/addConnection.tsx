import { Form, Link, useNavigation } from 'react-router';
import { ErrorSummary, Field } from '#src/look/fields.tsx';
import type { FieldErrors, Offer, ProbeLine } from './commands.ts';
import { Lacks } from './lacks.tsx';
import { ProbeLines } from './probeLines.tsx';
import { type Typed, Whose, type WhoseProps } from './whoseAccount.tsx';

interface AddConnectionProps {
  /** Every way there is, and the one that is shown. */
  offers: Offer[];
  offer: Offer;
  employers: string[];
  /** For an employer's person: those they act for. Null for staff, who name any. */
  ownEmployers: { id: string; name: string }[] | null;
  answer: {
    lines: ProbeLine[] | null;
    errors: FieldErrors;
    typed: Typed;
  } | null;
}

/** Adding an account: where to click there, paste here, test, save. One form, one way at a time. */
export function AddConnection({
  offers,
  offer,
  employers,
  ownEmployers,
  answer,
}: AddConnectionProps) {
  const busyWith = useNavigation().formData?.get('intent');
  const errors = answer?.errors;
  const system = offer.publicName ? 'Manatal' : offer.label;
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
          <li>
            <WhereToClick offer={offer} isOwn={ownEmployers !== null} />
          </li>
          <li>
            <h3>Paste it here</h3>
            <Fields {...{ offer, employers, ownEmployers, answer }} />
          </li>
          <li>
            <h3>Test, then save</h3>
            <p className="quiet-text">
              The test only reads. Nothing is changed in {system}, and nothing is saved here.
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
              {ownEmployers === null && (
                <button type="submit" name="intent" value="addPaused">
                  {busyWith === 'addPaused' ? 'Saving…' : 'Save, and preview first'}
                </button>
              )}
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

function WhereToClick({ offer, isOwn }: { offer: Offer; isOwn: boolean }) {
  if (offer.publicName) return <FindThePage />;
  if (!offer.keyHelp) return <MakeAKey isOwn={isOwn} />;
  return (
    <>
      <h3>{offer.keyHelp.title}</h3>
      <p className="quiet-text">{offer.keyHelp.words}</p>
    </>
  );
}

function MakeAKey({ isOwn }: { isOwn: boolean }) {
  return (
    <>
      <h3>Make a key in Manatal</h3>
      <p className="quiet-text">
        As an administrator of {isOwn ? 'your' : 'the employer’s'} Manatal account, open{' '}
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
  ownEmployers,
  answer,
}: Pick<AddConnectionProps, 'offer' | 'employers' | 'ownEmployers' | 'answer'>) {
  const errors = answer?.errors;
  return (
    <div className="steps-fields">
      <Whose {...{ offer, employers, ownEmployers, answer }} />
      <AccountFields {...{ offer, typed: answer?.typed, errors }} />
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

/** What names the account beside its key. */
function AccountFields({ offer, typed, errors }: WhoseProps & { offer: Offer }) {
  return offer.accountFields.map(({ name, label, hint, optional }) => (
    <Field
      key={name}
      name={name}
      label={label}
      hint={hint}
      autoComplete="off"
      spellCheck={false}
      defaultValue={typed?.account[name]}
      errors={errors}
      optional={optional}
    />
  ));
}
