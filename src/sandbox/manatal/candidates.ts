import { makeHash } from './jobs.ts';
import type { Outcome, Values, Writing } from './records.ts';
import type { CandidateRow } from './rows.ts';

/** A new candidate. The same e-mail may come twice: nothing here looks. Source: 8.3, 9.4 */
export function makeCandidate(writing: Writing, values: Values): Outcome<CandidateRow> {
  const { core, account, user, actor } = writing;
  const stamp = core.stamp();
  const isPublic = actor.by === 'public';
  const row = {
    id: core.store.nextId(account.id, 'candidates'),
    external_id: null,
    full_name: '',
    creator: user,
    owner: user,
    source_type: isPublic ? 'applied' : 'sourced',
    source_other: null,
    source_details: isPublic ? { channel: 'career_page' } : null,
    consent: null,
    consent_date: values.consent === true ? stamp : null,
    email: null,
    phone_number: null,
    gender: null,
    birth_date: null,
    address: null,
    zipcode: null,
    latest_degree: null,
    latest_university: null,
    current_company: null,
    current_department: null,
    current_position: null,
    description: null,
    hash: makeHash(writing),
    custom_fields: {},
    ...values,
    created_at: stamp,
    updated_at: stamp,
  };
  return { ok: true, row: row as unknown as CandidateRow };
}

/** The moment consent is given is stamped by the service; `consent_date` is read-only. [I] */
export function changeCandidate(
  writing: Writing,
  row: CandidateRow,
  values: Values,
): Outcome<CandidateRow> {
  const agrees = values.consent === true && row.consent !== true;
  const consentDate = agrees ? writing.core.stamp() : row.consent_date;
  return { ok: true, row: { ...row, ...values, consent_date: consentDate } };
}
