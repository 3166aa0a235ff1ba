import type { Outcome, Values, Writing } from './records.ts';
import type { ContactRow, OrganizationRow } from './rows.ts';

/** A new organization: a hiring company or department. Source: reference/manatal.md 9.2 */
export function makeOrganization(writing: Writing, values: Values): Outcome<OrganizationRow> {
  const row = {
    id: writing.core.store.nextId(writing.account.id, 'organizations'),
    external_id: null,
    name: '',
    website: null,
    logo: null,
    address: null,
    description: null,
    is_public: true,
    is_visible: true,
    ...signed(writing, values),
  };
  return { ok: true, row: row as unknown as OrganizationRow };
}

/** A new contact person of an organization. Source: reference/manatal.md 9.7 */
export function makeContact(writing: Writing, values: Values): Outcome<ContactRow> {
  const row = {
    id: writing.core.store.nextId(writing.account.id, 'contacts'),
    external_id: null,
    full_name: '',
    organization: null,
    display_name: null,
    email: null,
    phone_number: null,
    description: null,
    ...signed(writing, values),
  };
  return { ok: true, row: row as unknown as ContactRow };
}

function signed({ core, user }: Writing, values: Values) {
  const stamp = core.stamp();
  return {
    creator: user,
    owner: user,
    custom_fields: {},
    ...values,
    created_at: stamp,
    updated_at: stamp,
  };
}
