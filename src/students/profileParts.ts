import type { FieldErrors } from '#src/accounts/credentials.ts';
import type { Clock } from '#src/platform/clock.ts';
import type { Db, Tx } from '#src/platform/database.ts';
import type { NewId } from '#src/platform/random.ts';
import { kindWords, type PartKind, type PartValues } from './partKinds.ts';
import * as partStore from './partStore.ts';
import { partKey, readPart } from './readPart.ts';
import { touchStudent } from './store.ts';

/** A row of a profile as its owner sees it. */
export interface ProfilePart {
  id: string;
  kind: PartKind;
  values: PartValues;
}

export type SavePartAnswer =
  | { ok: true }
  | { ok: false; reason: 'not_found' }
  | { ok: false; errors: FieldErrors };

/** Education, experience, skills and links: what a profile may hold many of. */
export interface ProfileParts {
  /** In the order in which they were added. */
  partsOf(studentId: string): Promise<ProfilePart[]>;
  /** `id` null: a new one, or several where the kind allows it. What is there already is no error then. */
  savePart(
    studentId: string,
    part: { kind: PartKind; id: string | null; typed: Readonly<Record<string, string>> },
  ): Promise<SavePartAnswer>;
  /** Takes it off the profile. What an employer has of it stays with them. [A2] */
  removePart(studentId: string, id: string): Promise<void>;
}

export interface ProfilePartsNeeds {
  db: Db;
  clock: Clock;
  newId: NewId;
  /** Orders the push of what changed, in the transaction that changes it. [D6] */
  announce(tx: Tx, changed: { studentId: string; parts: ChangedPart[] }): Promise<void>;
}

export interface ChangedPart {
  kind: PartKind;
  id: string;
}

export function createProfileParts(needs: ProfilePartsNeeds): ProfileParts {
  const { db, clock } = needs;
  return {
    async partsOf(studentId) {
      const rows = await partStore.listParts(db, studentId);
      return rows.map(({ id, kind, values }) => ({ id, kind: kind as PartKind, values }));
    },

    async savePart(studentId, { kind, id, typed }) {
      const read = readPart(kind, typed);
      if (!read.ok) return read;
      const of = { studentId, kind };
      return db.transaction((tx) =>
        id === null
          ? addRows(needs, tx, { ...of, rows: read.rows })
          : changeRow(needs, tx, { ...of, id, values: read.rows[0]! }),
      );
    },

    async removePart(studentId, id) {
      const at = clock.now();
      await db.transaction(async (tx) => {
        if (!(await partStore.takeOffPart(tx, { id, studentId, at }))) return;
        await touchStudent(tx, { userId: studentId, at });
        await needs.announce(tx, { studentId, parts: [] });
      });
    },
  };
}

async function addRows(
  { clock, newId, announce }: ProfilePartsNeeds,
  tx: Tx,
  { rows, ...of }: { studentId: string; kind: PartKind; rows: PartValues[] },
): Promise<SavePartAnswer> {
  const at = clock.now();
  const { kind, studentId } = of;
  const { max, fields, title } = kindWords[kind];
  const sofar = await partStore.countParts(tx, of);
  if (sofar + rows.length > max) {
    const words = `You keep ${max} at most under "${title}". Remove one first.`;
    return { ok: false, errors: { [fields[0]!.name]: words } };
  }
  const parts: ChangedPart[] = [];
  for (const values of rows) {
    const part = { id: newId(), ...of, key: partKey(kind, values), values, at };
    const id = await partStore.addPart(tx, part);
    if (id) parts.push({ kind, id });
    else if (kind !== 'skills') return { ok: false, errors: twinWords(kind) };
  }
  if (parts.length > 0) await told(announce, tx, { studentId, parts, at });
  return { ok: true };
}

async function changeRow(
  { clock, announce }: ProfilePartsNeeds,
  tx: Tx,
  part: { studentId: string; kind: PartKind; id: string; values: PartValues },
): Promise<SavePartAnswer> {
  const at = clock.now();
  const { studentId, kind, id, values } = part;
  const key = partKey(kind, values);
  const changed = await partStore.changePart(tx, { ...part, key, at });
  if (changed === 'not_found') return { ok: false, reason: 'not_found' };
  if (changed === 'twin') {
    return { ok: false, errors: twinWords(kind) };
  }
  if (changed === 'stored') await told(announce, tx, { studentId, parts: [{ kind, id }], at });
  return { ok: true };
}

const twinWords = (kind: PartKind): FieldErrors => ({
  [kindWords[kind].fields[0]!.name]:
    'Your profile says this already, in another line. Change one of them, or remove it.',
});

/** The profile as a whole is newer, too: where somebody works now stands with the person. */
async function told(
  announce: ProfilePartsNeeds['announce'],
  tx: Tx,
  { at, ...changed }: { studentId: string; parts: ChangedPart[]; at: Date },
): Promise<void> {
  await touchStudent(tx, { userId: changed.studentId, at });
  await announce(tx, changed);
}
