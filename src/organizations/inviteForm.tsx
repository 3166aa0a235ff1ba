import { Form } from 'react-router';
import { CheckField, ErrorSummary, Field, SelectField } from '#src/look/fields.tsx';
import { Notice } from '#src/look/page.tsx';

export interface Typed {
  organizationId: string;
  organizationName: string;
  name: string;
  email: string;
}

interface InviteFormProps {
  choices: { id: string; name: string }[];
  errors: Record<string, string> | undefined;
  typed: Typed | null;
  /** The account is a student's: staff are asked in words before anything is done. */
  asksStudent: boolean;
}

/** Inviting somebody to act for an employer: which, who, and by which e-mail address. */
export function InviteForm({ choices, errors, typed, asksStudent }: InviteFormProps) {
  return (
    <Form method="post" action="#invite" noValidate className="card">
      <ErrorSummary errors={errors} />
      <div className="field-pair">
        <SelectField
          name="organizationId"
          label="Employer"
          hint="One that is here."
          defaultValue={typed?.organizationId ?? ''}
          errors={errors}
        >
          <option value="">A new one</option>
          {choices.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <Field
          name="organizationName"
          label="Name of a new employer"
          hint="As students should read it above the jobs."
          autoComplete="off"
          defaultValue={typed?.organizationName}
          errors={errors}
          optional
        />
      </div>
      <Field
        name="name"
        label="Name"
        autoComplete="off"
        defaultValue={typed?.name}
        errors={errors}
      />
      <Field
        name="email"
        type="email"
        label="E-mail address"
        hint="What they sign in with."
        autoComplete="off"
        defaultValue={typed?.email}
        errors={errors}
      />
      {asksStudent && (
        <Notice tone="warn" announce title="This is the account of a student">
          <p>
            If it becomes an employer’s, this person sees the applicants of the employer, and no
            longer their own applications and profile here. Better ask for another e-mail address,
            such as the one they have at work.
          </p>
          <CheckField
            name="fromStudent"
            value="yes"
            label="They know, and it shall become an employer’s account"
          />
        </Notice>
      )}
      <div className="form-actions">
        <button type="submit" name="intent" value="invite" className="primary">
          Invite
        </button>
      </div>
    </Form>
  );
}
