import type { Territory } from '#src/platform/places.ts';
import { readProfile } from '#src/students/profile.ts';
import type { Seen } from '#src/sync/synced.ts';

/** Nothing else that a recruiter wrote is ever shown. Each is a kind of data agreed to by itself. */
export const suggestedFields = ['name', 'phone', 'address'] as const;
export type SuggestedField = (typeof suggestedFields)[number];

export const isSuggestedField = (name: string): name is SuggestedField =>
  suggestedFields.some((field) => field === name);

/** The value as it would stand on the profile; null when the profile form would not take it. */
export function asOnProfile(
  field: SuggestedField,
  value: string,
  territory: Territory | null,
): string | null {
  const blank = { name: 'Anybody', phone: '', address: '', territory: territory ?? '', about: '' };
  const read = readProfile({ ...blank, [field]: value });
  return read.ok ? read.value[field] : null;
}

interface Known {
  value: string;
}

/** `offer` null: nothing of theirs is to be offered any more. */
export type Move = { field: SuggestedField; offer: string | null };

/**
 * What to offer anew and what to take back. Pure. An answer to this very value stands, also when the
 * student has moved on since; nothing moves where nothing changed. [M6]
 *
 * known   field -> what is kept of it now.
 * shared  what the student shares with this account. [P1]
 */
export function decideOffers(
  { ours, theirs, base }: Omit<Seen, 'ourId'>,
  {
    known,
    shared,
    territory,
  }: {
    known: ReadonlyMap<string, Known>;
    shared: ReadonlySet<string>;
    territory: Territory | null;
  },
): Move[] {
  return suggestedFields.flatMap((field): Move[] => {
    const value = theirs[field];
    const isTheirs = typeof value === 'string' && value !== base[field] && shared.has(field);
    const wanted = isTheirs ? asOnProfile(field, value, territory) : null;
    const before = known.get(field)?.value ?? null;
    if (wanted === before) return [];
    const offer = wanted === ours[field] ? null : wanted;
    return offer === before ? [] : [{ field, offer }];
  });
}
