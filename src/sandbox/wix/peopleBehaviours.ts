import { behaviour } from './behaviour.ts';
import type { CoveredBehaviour } from './coverage.ts';

/** Forms and members. */
export const PEOPLE_BEHAVIOURS: readonly CoveredBehaviour[] = [
  behaviour(
    '4.2, 12.6',
    '(s)',
    'Revisions of submissions are texts; `contactId` comes late.',
    'a submission is confirmed at once and gets its contactId later; revisions are texts',
  ),
  behaviour(
    '4.2, 12.6',
    '(s)',
    'A submission may be PENDING before it is CONFIRMED.',
    'a submission may wait as PENDING before it is confirmed',
  ),
  behaviour(
    '14.17',
    '(u)',
    'The same person twice: two submissions, one contact.',
    'the same person submitting twice gives two submissions and one contact',
  ),
  behaviour(
    '8.2',
    '(s)',
    'A form without contact fields maps nobody.',
    'a form without contact fields maps nobody',
  ),
  behaviour(
    '4.3, 12.3',
    '(c)',
    'The namespace is mandatory, and may sit inside `$and` (x).',
    'a query must name the namespace, at the top or inside $and',
  ),
  behaviour(
    '2.2, 4.3',
    '(c)',
    'Cursors refuse filter and sort beside them, and carry them on.',
    'cursors carry filter and sort on, refuse them beside, and miss nothing that is new',
  ),
  behaviour(
    '4.3',
    '(s)',
    'Submissions filter by fourteen fields and sort by up to three.',
    'submissions are filtered by dates, status and form, and sorted by up to three fields',
  ),
  behaviour(
    '4.4',
    '(c)',
    'Validation lists each error with path and type.',
    'wrong values are listed one by one, each with its path and type',
  ),
  behaviour(
    '4.1, 4.4',
    '(v)',
    'Only enabled forms are listed unless asked; a disabled one takes nothing.',
    'a form that is switched off takes nothing and is listed only when asked for',
  ),
  behaviour(
    '4.5, 14.16',
    '(c)',
    'A target may carry a suffix of chance.',
    'a schema tells targets, types, labels and what maps to a contact',
  ),
  behaviour(
    '5.4',
    '(c)',
    'A member made through the API is APPROVED at once.',
    'a member made through the API is approved at once, with slug, contact and full fields',
  ),
  behaviour(
    '5.4',
    '(u)',
    'A contact with the e-mail is linked, not doubled.',
    'a contact with the e-mail is linked, not doubled',
  ),
  behaviour(
    '5.2, 14.5',
    '(c)',
    'The fieldset trap: PUBLIC hides the e-mail and says UNKNOWN.',
    'the default fieldset hides the e-mail and says UNKNOWN: the fieldset trap',
  ),
  behaviour(
    '5.4, 16',
    '(u)',
    'A taken login e-mail is 409 or 400.',
    'a login e-mail that is taken is 409, or 400 when switched',
  ),
  behaviour(
    '5.4, 12.7',
    '(c)',
    'New members come a second apart; what a breach gets is a guess: 429 (u).',
    'two new members come at least a second apart',
  ),
  behaviour(
    '5.3',
    '(c)',
    '`createdDate` of members cannot be filtered.',
    'filters know some fields, not createdDate',
  ),
  behaviour(
    '5.3, 14.2',
    '(u)',
    '`sorting` may not be heeded; the metadata key is `metadata` (s).',
    'the query sorts by `sorting`, unless it does not; its metadata is called metadata',
  ),
  behaviour(
    '5.5',
    '(c)',
    'Sent lists overwrite, empty lists change nothing, empty texts clear.',
    'an update overwrites what is sent; an empty list changes nothing, an empty text clears',
  ),
  behaviour(
    '5.2',
    '(c)',
    'A visitor who registers may wait for approval.',
    'members are approved, blocked, muted, given a slug and removed; the contact stays',
  ),
  behaviour(
    '5.5, 14.13',
    '(t)',
    'The owner may be a member, and cannot be blocked (s).',
    'the owner may be a member too, and cannot be blocked',
  ),
];
