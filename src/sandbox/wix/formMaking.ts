import type { Core } from './core.ts';
import type { FormFieldRow, FormRow } from './rows.ts';
import type { Fields } from './siteRows.ts';

export const SITE_FORMS = 'wix.form_app.form';

type FieldKind =
  | 'firstName'
  | 'lastName'
  | 'email'
  | 'phone'
  | 'company'
  | 'text'
  | 'choice'
  | 'choices'
  | 'number'
  | 'checkbox';

export interface NewField {
  kind: FieldKind;
  label: string;
  required?: boolean;
  /** For a choice, or several. */
  options?: string[];
  /** The key in the submissions map; made from the label otherwise, with a suffix of chance. */
  target?: string;
}
export interface NewForm {
  name: string;
  fields: NewField[];
  namespace?: string;
  enabled?: boolean;
}

/** What every site starts with. */
export const SIGN_UP_FORM: NewForm = {
  name: 'Student sign-up',
  fields: [
    { kind: 'firstName', label: 'First name', required: true },
    { kind: 'lastName', label: 'Last name', required: true },
    { kind: 'email', label: 'School e-mail', required: true },
    { kind: 'phone', label: 'Phone' },
    { kind: 'choice', label: 'Island', options: ['Guam', 'Saipan', 'Koror', 'Pohnpei', 'Majuro'] },
    { kind: 'choices', label: 'Interests', options: ['hospitality', 'marine', 'technology'] },
    { kind: 'checkbox', label: 'I agree to be contacted' },
  ],
};

const KINDS: Record<FieldKind, { identifier: string; inputType: string; contact?: Fields }> = {
  firstName: contact('CONTACTS_FIRST_NAME', { contactField: 'FIRST_NAME' }),
  lastName: contact('CONTACTS_LAST_NAME', { contactField: 'LAST_NAME' }),
  email: contact('CONTACTS_EMAIL', { contactField: 'EMAIL', emailInfo: { tag: 'MAIN' } }),
  phone: contact('CONTACTS_PHONE', { contactField: 'PHONE', phoneInfo: { tag: 'MOBILE' } }),
  company: contact('CONTACTS_COMPANY', { contactField: 'COMPANY' }),
  text: { identifier: 'TEXT_INPUT', inputType: 'STRING' },
  choice: { identifier: 'DROPDOWN', inputType: 'STRING' },
  choices: { identifier: 'CHECKBOX_GROUP', inputType: 'ARRAY' },
  number: { identifier: 'NUMBER_INPUT', inputType: 'NUMBER' },
  checkbox: { identifier: 'CHECKBOX', inputType: 'BOOLEAN' },
};

function contact(identifier: string, mapping: Fields) {
  return { identifier, inputType: 'STRING', contact: mapping };
}

/** A form with its schema, as its editor would leave it. Source: reference/wix.md 4.5 */
export function newForm(core: Core, wanted: NewForm): FormRow {
  const now = core.now();
  return {
    id: core.newGuid(),
    name: wanted.name,
    namespace: wanted.namespace ?? SITE_FORMS,
    enabled: wanted.enabled ?? true,
    revision: '1',
    createdDate: now,
    updatedDate: now,
    formFields: [
      ...wanted.fields.map((field) => inputField(core, field)),
      { id: core.newGuid(), identifier: 'SUBMIT_BUTTON', fieldType: 'DISPLAY' },
    ],
  };
}

function inputField(core: Core, wanted: NewField): FormFieldRow {
  const kind = KINDS[wanted.kind];
  return {
    id: core.newGuid(),
    identifier: kind.identifier,
    fieldType: 'INPUT',
    inputOptions: {
      target: wanted.target ?? targetOf(core, wanted.label),
      pii: kind.contact !== undefined,
      required: wanted.required ?? false,
      inputType: kind.inputType,
      ...(kind.contact ? { contactMapping: kind.contact } : {}),
      ...typeOptions(wanted, kind.inputType),
    },
  };
}

/** A target may end in a few characters of chance: it is never to be hard-coded. (c) 14.16 */
function targetOf(core: Core, label: string): string {
  const stem = label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 20);
  return `${stem}_${Buffer.from(core.random.bytes(2)).toString('hex')}`;
}

const FORMATS: Partial<Record<FieldKind, string>> = { email: 'EMAIL', phone: 'PHONE' };

function typeOptions(wanted: NewField, inputType: string): Fields {
  const { label, options = [] } = wanted;
  if (inputType === 'NUMBER') {
    return { numberOptions: { componentType: 'NUMBER_INPUT', numberInputOptions: { label } } };
  }
  if (inputType === 'BOOLEAN') {
    return { booleanOptions: { componentType: 'CHECKBOX', checkboxOptions: { label } } };
  }
  if (inputType === 'ARRAY') {
    return {
      arrayOptions: {
        validation: { items: { stringOptions: { enum: options } } },
        componentType: 'CHECKBOX_GROUP',
        checkboxGroupOptions: { label, options: options.map((value) => ({ value, label: value })) },
      },
    };
  }
  const format = FORMATS[wanted.kind];
  const validation = { ...(format ? { format } : {}), enum: options, maxLength: 1_000 };
  return options.length > 0
    ? { stringOptions: { validation, componentType: 'DROPDOWN', dropdownOptions: { label } } }
    : { stringOptions: { validation, componentType: 'TEXT_INPUT', textInputOptions: { label } } };
}
