import { asOnProfile, type SuggestedField, suggestedFields } from '#src/applications/suggestion.ts';
import { isTerritory } from '#src/students/territories.ts';
import type { Answer, Edit, Offer } from '../ledger.ts';
import { lastEditThere } from './agreement.ts';
import { lastOf } from './changes.ts';
import {
  isRecord,
  type LinkRow,
  type OurRow,
  rowsOf,
  type Scene,
  theirRowOf,
  tiesOf,
} from './scene.ts';
import { agreedCategories, theirValue } from './values.ts';
import { type Violation, violation } from './violation.ts';

/** What recruiters wrote of students changes nothing here but what a student wanted. */
export const judgeSuggestions = (scene: Scene): Violation[] => [
  ...overwritten(scene),
  ...offeredAgain(scene),
  ...rowsOf(scene, 'suggestions').flatMap((row) => judgeRow(scene, row)),
  ...neverOffered(scene),
];

/** A profile says what its student wrote last, or used last of what was offered. [M1] */
function overwritten(scene: Scene): Violation[] {
  const written = new Set(scene.ledger.edits.filter(isOwn).map(({ id }) => id));
  return [...written].flatMap((studentId) =>
    suggestedFields.flatMap((field) => {
      const edits = scene.ledger.edits.filter(
        (edit) => isOwn(edit) && edit.id === studentId && edit.field === field,
      );
      const last = lastOf(edits);
      const value = ownValue(scene, studentId, field);
      const isNone = last.every(({ isDoubtful }) => isDoubtful) && value === null;
      if (isNone || last.some((edit) => edit.value === value)) return [];
      const words = `a student’s ${field} is not what they gave it last`;
      return [violation('M1', words, studentId)];
    }),
  );
}

const isOwn = ({ side, resource }: Edit) => side === 'ours' && resource === 'candidates';

function ownValue(scene: Scene, studentId: string, field: SuggestedField): unknown {
  const by = (table: string, key: string) =>
    rowsOf(scene, table).find((row) => row[key] === studentId);
  return (field === 'name' ? by('users', 'id') : by('students', 'user_id'))?.[field] ?? null;
}

type Of = Pick<Offer, 'studentId' | 'connectionId' | 'field'>;
const isSame = (one: Of, other: Of) =>
  one.studentId === other.studentId &&
  one.connectionId === other.connectionId &&
  one.field === other.field;

/** What was refused is not on the page again, unless somebody gave a reason since. */
function offeredAgain(scene: Scene): Violation[] {
  const { answers, offers } = scene.ledger;
  return answers.flatMap((answer) => {
    const { at } = answer;
    if (at === null) return [];
    const again = offers.some(
      (offer) =>
        isSame(offer, answer) &&
        offer.value === answer.value &&
        offer.at > at &&
        !isStirred(scene, answer, offer.at),
    );
    const words = 'what a student had answered was offered again';
    return again ? [violation('M6', words, answer.studentId, answer.field)] : [];
  });
}

/** Did anything happen since that may bring it back: another value there, a choice, the sharing? */
function isStirred(scene: Scene, answer: Answer, until: number): boolean {
  const { edits, chosen, applied, withdrawals, removals } = scene.ledger;
  const within = (at: number) => at >= answer.from - underWayMilliseconds && at <= until;
  return (
    edits.some(
      (edit) =>
        edit.side === 'theirs' &&
        edit.connectionId === answer.connectionId &&
        edit.field === answer.field &&
        within(edit.at),
    ) ||
    chosen.some((one) => one.connectionId === answer.connectionId && within(one.at)) ||
    applied.some((one) => one.studentId === answer.studentId && within(one.at)) ||
    withdrawals.some((one) => within(one.from)) ||
    removals.some(({ at }) => within(at))
  );
}

/** What was done so shortly before may be read only now. */
const underWayMilliseconds = 120_000;

/** What is kept is what stands there, where staff chose so and the student shares it. [P1] [P2] */
function judgeRow(scene: Scene, row: OurRow): Violation[] {
  const [connectionId, studentId, field] = [row.connection_id, row.student_id, row.field].map(
    String,
  );
  const of = { connectionId: connectionId!, studentId: studentId! };
  const ids = [of.studentId, field!, of.connectionId];
  if (!isChosen(scene, of.connectionId))
    return [violation('P1', 'a recruiter’s value is kept though nobody chose so', ...ids)];
  if (!agreedCategories(scene, of).has(field!))
    return [violation('P2', 'a recruiter’s value of what is not shared is kept', ...ids)];
  const link = candidateOf(scene, of);
  if (!link) return [];
  const there = valueThere(scene, link, field as SuggestedField);
  const isOpen =
    row.state === 'offered' && row.value !== ownValue(scene, of.studentId, field as SuggestedField);
  if (isOpen && there !== row.value)
    return [violation('Z1', 'a value is offered that does not stand there', ...ids)];
  const isAnswered = scene.ledger.answers.some(
    (one) => isSame(one, { ...of, field: field! }) && one.value === row.value,
  );
  if (row.state !== 'offered' && !isAnswered)
    return [violation('F6', 'a suggestion is answered that nobody answered', ...ids)];
  return [];
}

/** What a recruiter wrote last, and is another than the student’s own, is offered or was answered. */
function neverOffered(scene: Scene): Violation[] {
  return tiesOf(scene).flatMap((link) => {
    const { connection_id: connectionId, our_id: studentId, resource } = link;
    if (resource !== 'candidates' || !isChosen(scene, connectionId)) return [];
    const agreed = agreedCategories(scene, { connectionId, studentId });
    return suggestedFields
      .filter((field) => agreed.has(field))
      .flatMap((field) => {
        const there = valueThere(scene, link, field);
        const isOurs = there === ownValue(scene, studentId, field);
        if (there === null || isOurs || !isRecruiters(scene, link, field)) return [];
        const of = { connectionId, studentId, field };
        const isKept = rowsOf(scene, 'suggestions').some(
          (row) =>
            isSame(of, {
              studentId: String(row.student_id),
              connectionId: String(row.connection_id),
              field: String(row.field),
            }) && row.value === there,
        );
        const words = `a ${field} that a recruiter wrote was never offered`;
        return isKept ? [] : [violation('D4', words, studentId, connectionId)];
      });
  });
}

/** A recruiter gave it the value that stands there. */
function isRecruiters(scene: Scene, link: LinkRow, field: SuggestedField): boolean {
  const named = mapped(scene, field);
  const last = lastEditThere(scene, link, named);
  const row = theirRowOf(scene, link);
  if (!last || !row) return false;
  const { connection_id: connectionId, resource } = link;
  const read = theirValue(scene, row, { field: named, resource, connectionId });
  return 'value' in read && read.value === last.value;
}

const mapped = (scene: Scene, field: SuggestedField) =>
  scene.resources
    .find(({ name }) => name === 'candidates')!
    .fields.find(({ ours }) => ours === field)!;

const candidateOf = (scene: Scene, of: { connectionId: string; studentId: string }) =>
  tiesOf(scene).find(
    (link) =>
      link.resource === 'candidates' &&
      link.connection_id === of.connectionId &&
      link.our_id === of.studentId,
  );

/** Their value as it would stand on the profile; null: it would not, or there is none. */
function valueThere(scene: Scene, link: LinkRow, field: SuggestedField): string | null {
  const row = theirRowOf(scene, link);
  if (!row) return null;
  const { connection_id: connectionId, resource } = link;
  const read = theirValue(scene, row, { field: mapped(scene, field), resource, connectionId });
  if ('problem' in read || typeof read.value !== 'string') return null;
  const student = rowsOf(scene, 'students').find((one) => one.user_id === link.our_id);
  const territory = isTerritory(student?.territory) ? student.territory : null;
  return asOnProfile(field, read.value, territory);
}

function isChosen(scene: Scene, connectionId: string): boolean {
  const settings = rowsOf(scene, 'connections').find(({ id }) => id === connectionId)?.settings;
  const options = isRecord(settings) ? settings.options : null;
  return isRecord(options) && options.suggestions === 'contact';
}
