import { z } from 'zod';
import { text, type Value, type Values } from '#src/sync/canonical.ts';

/** The fields of an employer that may be edited here. */
export const organizationFields = ['name', 'website', 'address'] as const;
export type OrganizationField = (typeof organizationFields)[number];

/** As it stands in the form; a field that is not there is left as it is. */
export type TypedOrganization = Partial<Record<OrganizationField, string>>;
export type OrganizationErrors = Partial<Record<OrganizationField, string>>;

const lineMax = 255;

/** Reads a value as the engine will compare it, so that what is stored is what travels. [M5] */
const line = z.preprocess(
  (raw) => canonicalText(raw),
  z
    .string()
    .refine((value) => [...value].length <= lineMax, `Write at most ${lineMax} characters.`)
    .nullable(),
);

const changes = z
  .strictObject({
    name: line.refine((value) => value !== null, 'An employer needs a name.'),
    website: line.refine(
      (value) => value === null || /^(https?:\/\/)?[^\s/]+\.[^\s]+$/i.test(value),
      'Write an address such as https://reef.example, or leave it empty.',
    ),
    address: line,
  })
  .partial();

/** An employer's own fields in canonical form. */
export function canonicalFields(row: Record<OrganizationField, string | null>): Values {
  return Object.fromEntries(organizationFields.map((name) => [name, canonicalText(row[name])]));
}

function canonicalText(raw: unknown): Value {
  const read = text(raw);
  return 'value' in read ? read.value : null;
}

/** What was typed, in canonical form, or what is wrong with it at each field. */
export function readOrganization(
  typed: TypedOrganization,
): { ok: true; values: Values } | { ok: false; errors: OrganizationErrors } {
  const checked = changes.safeParse(typed);
  if (checked.success) return { ok: true, values: checked.data as Values };
  const errors: OrganizationErrors = {};
  for (const issue of checked.error.issues) {
    const name = issue.path[0] as OrganizationField | undefined;
    if (!name) throw new Error(`not a field of an employer: ${issue.message}`);
    errors[name] ??= issue.message;
  }
  return { ok: false, errors };
}
