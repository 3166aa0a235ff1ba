import type { FieldErrors } from '#src/accounts/credentials.ts';
import { characterCount, plainText } from '#src/students/profile.ts';

/** Manatal shows a note as one block; longer ones are not read. */
export const NOTE_LENGTH_MAX = 4000;

export interface ApplyAnswers {
  /** Null when no resume was chosen or taken. */
  resumeId: string | null;
  note: string;
  agreed: boolean;
  /** Some forms of employers ask for no resume. */
  resumeIsOptional?: boolean;
}

export type ApplyRead =
  | { ok: true; value: { resumeId: string | null; note: string | null } }
  | { ok: false; errors: FieldErrors };

/** The answers of an application beyond the profile, or a sentence for each that cannot stand. */
export function readApply({
  resumeId,
  note,
  agreed,
  resumeIsOptional = false,
}: ApplyAnswers): ApplyRead {
  const errors: FieldErrors = {};
  if (resumeId === null && !resumeIsOptional)
    errors.resume = 'Choose a resume, or add one from your phone or computer.';
  const text = plainText(note);
  const length = characterCount(text);
  if (length > NOTE_LENGTH_MAX) {
    errors.note = `Write at most ${NOTE_LENGTH_MAX} characters. These are ${length}.`;
  }
  if (!agreed) errors.agreed = 'Tick this box to send your application.';
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, value: { resumeId, note: text || null } };
}
