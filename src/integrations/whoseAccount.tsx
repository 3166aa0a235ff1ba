import { Field, SelectField } from '#src/look/fields.tsx';
import type { FieldErrors, Offer } from './commands.ts';

/** What was typed. */
export interface Typed {
  label: string;
  organizationName: string;
  organizationId: string;
  /** Only where it is no secret. */
  key: string;
  /** What names the account beside its key. */
  account: Record<string, string>;
}

/** Whose account it is: the platform's own need a name only. */
export function Whose({
  offer,
  employers,
  ownEmployers,
  answer,
}: {
  offer: Offer;
  employers: string[];
  /** For an employer's person: those they act for. Null for staff, who name any. */
  ownEmployers: { id: string; name: string }[] | null;
  answer: { errors: FieldErrors; typed: Typed } | null;
}) {
  const given = { typed: answer?.typed, errors: answer?.errors };
  if (offer.isPlatforms) {
    return (
      <Field
        name="label"
        label="Name of the connection"
        hint="To tell several apart, such as “Website”. Only staff see it."
        autoComplete="off"
        defaultValue={given.typed?.label}
        errors={given.errors}
      />
    );
  }
  if (ownEmployers) return <OwnEmployer choices={ownEmployers} {...given} />;
  return <AnyEmployer employers={employers} {...given} />;
}

export interface WhoseProps {
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
