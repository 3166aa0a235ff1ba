import { Field, type FieldErrors, SelectField } from '#src/look/fields.tsx';
import { TERRITORY_NAMES } from './territories.ts';

export interface ContactDetails {
  phone: string;
  address: string;
  territory: string;
}

/** Where a student can be reached: the same fields on the profile and in an application. */
export function ContactFields({ typed, errors }: { typed: ContactDetails; errors?: FieldErrors }) {
  return (
    <>
      <SelectField
        name="territory"
        label="Where you live"
        optional
        defaultValue={typed.territory}
        errors={errors}
      >
        <option value="">Choose, or leave for elsewhere</option>
        {Object.entries(TERRITORY_NAMES).map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
      <Field
        name="phone"
        type="tel"
        label="Phone"
        hint="A local number will do when you chose where you live."
        optional
        autoComplete="tel"
        defaultValue={typed.phone}
        errors={errors}
      />
      <Field
        name="address"
        label="Address"
        hint="Village, street or P.O. box."
        optional
        autoComplete="street-address"
        defaultValue={typed.address}
        errors={errors}
      />
    </>
  );
}
