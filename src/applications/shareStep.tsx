import { Link } from 'react-router';
import { CheckField, type FieldErrors } from '#src/look/fields.tsx';
import { agreementWords, profileWords } from '#src/privacy/agreement.ts';
import type { Question } from '#src/sync/connector.ts';
import type { JobToApply } from './applications.ts';

interface ShareStepProps {
  job: JobToApply;
  /** Of the employer's own form; what it asks is what goes out. */
  questions?: readonly Question[];
  typed: { agreed: boolean; shareProfile: boolean };
  errors?: FieldErrors;
}

/** The last step: what goes out, to whom, and the agreement to it. */
export function ShareStep({ job, questions, typed, errors }: ShareStepProps) {
  return (
    <li>
      <h2>What {job.employer} will get</h2>
      {questions ? (
        <div className="stack-tight field">
          <p>
            What you filled in above, sent once through the form of its career page. Nothing else,
            and nobody else:
          </p>
          <ul>
            {questions.map(({ id, label }) => (
              <li key={id}>{label}</li>
            ))}
          </ul>
          <p className="quiet-text">
            Its progress is not reported back to KiEX: the employer will write to you.
          </p>
        </div>
      ) : (
        <p>
          Your name and e-mail address, your resume, and what you filled in above: phone, address,
          note. Your <Link to="/profile">profile</Link> goes with it only if you say so. Nothing
          else, and nobody else.
        </p>
      )}
      <CheckField
        name="agreed"
        value="yes"
        label={agreementWords(job.employer)}
        defaultChecked={typed.agreed}
        errors={errors}
      />
      {!questions && (
        <CheckField
          name="shareProfile"
          value="yes"
          label={profileWords(job.employer)}
          hint="You can change this later, for each employer, under Sharing."
          defaultChecked={typed.shareProfile}
          optional
        />
      )}
    </li>
  );
}
