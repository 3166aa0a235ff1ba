import { instantOfLocal, localTime } from '#src/platform/localTimes.ts';
import type { Values } from '#src/sync/canonical.ts';
import { type EditableField, editableFields, type JobChanges } from './jobChanges.ts';

/** A job as it stands in the form: text, kept word for word when something is wrong. */
export type TypedJob = Record<EditableField, string>;

const isYesNo = (name: string) => name === 'remote' || name === 'publishedHere';
const yesNo = (value: unknown) => (value === null ? '' : value ? 'yes' : 'no');

/** What the form shows of these values. Times stand by the clock of `zone`. */
export function typedOf(values: Values, zone: string): TypedJob {
  const typed = {} as TypedJob;
  for (const name of editableFields) {
    const value = values[name] ?? null;
    if (typeof value === 'boolean' || isYesNo(name)) typed[name] = yesNo(value);
    else if (name === 'closesAt') {
      typed[name] = value === null ? '' : localTime(new Date(String(value)), zone);
    } else typed[name] = value === null ? '' : String(value);
  }
  return typed;
}

/** What was typed in these fields, as changes. An unreadable number or time stays for the check. */
export function changesOf(typed: Partial<TypedJob>, zone: string): JobChanges {
  const changes: Record<string, unknown> = {};
  for (const [name, raw] of Object.entries(typed)) {
    const text = raw.trim();
    if (name === 'payVisible') changes[name] = text === 'yes';
    else if (isYesNo(name)) changes[name] = text === '' ? null : text === 'yes';
    else if (name === 'headcount') changes[name] = text === '' ? null : Number(text);
    else if (name === 'closesAt') {
      changes[name] = text === '' ? null : (instantOfLocal(text, zone)?.toISOString() ?? text);
    } else changes[name] = raw;
  }
  return changes as JobChanges;
}

const sameText = (a: string, b: string) => a.replace(/\r\n?/g, '\n') === b.replace(/\r\n?/g, '\n');

/** Only what the person really altered: what others changed meanwhile is not written over. [M1] */
export function alteredOf(typed: TypedJob, shown: TypedJob): Partial<TypedJob> {
  const altered = editableFields.filter((name) => !sameText(typed[name], shown[name]));
  return Object.fromEntries(altered.map((name) => [name, typed[name]]));
}
