import { z } from 'zod';
import type { Value, Values } from './canonical.ts';
import type { Connection } from './connections.ts';
import type { ResourceConnector, TheirRecord } from './connector.ts';
import { canonicalOurs, type Field, spread } from './fields.ts';
import { type Flow, policies } from './flow.ts';
import type { Link } from './links.ts';
import { type Plan, plan } from './plan.ts';
import type { OurRecord } from './synced.ts';

const fieldSetting = z.object({
  policy: z.enum(policies).optional().catch(undefined),
  off: z.boolean().optional().catch(undefined),
});
const fieldSettings = z.record(z.string(), z.record(z.string(), fieldSetting)).catch({});

/** resource -> field -> what staff chose for it, where that is not the connector's default. */
export type FieldSettings = z.infer<typeof fieldSettings>;

/** Whose fields: a resource, and the connection with its settings. */
export interface Mapped {
  connection: Pick<Connection, 'settings'>;
  resource: Pick<ResourceConnector, 'name' | 'fields' | 'update'>;
}

/** What staff chose for this connection's fields. */
export function fieldSettingsOf({ settings }: Pick<Connection, 'settings'>): FieldSettings {
  const { policies: chosen } = settings;
  if (typeof chosen !== 'object' || chosen === null) return fieldSettings.parse(chosen ?? {});
  const known = parsed.get(chosen);
  if (known) return known;
  const made = fieldSettings.parse(chosen);
  parsed.set(chosen, made);
  return made;
}

/** Asked for every record of a page, with the same connection in hand. Settings are never altered in place. */
const parsed = new WeakMap<object, FieldSettings>();

export interface MappedField extends Field {
  name: string;
  sendable: boolean;
}

/**
 * The mapping table as it is in force on a connection: the connector's, with what staff chose in its
 * place. A field that is switched off is not in it, so it is neither read nor written on any side.
 */
export function fieldsOf({ connection, resource }: Mapped): MappedField[] {
  const chosen = fieldSettingsOf(connection)[resource.name] ?? {};
  return resource.fields
    .filter((field) => !isOff(field, chosen[field.ours]))
    .map((field) => ({
      ...field,
      name: field.ours,
      flow: flowOf(field, connection),
      policy: (flowOf(field, connection) === 'both' && chosen[field.ours]?.policy) || field.policy,
      sendable: Boolean(resource.update),
    }));
}

/** Which way a field travels on this connection. */
export const flowOf = (field: Field, { settings }: Pick<Connection, 'settings'>): Flow =>
  field.flowBy?.(settings) ?? field.flow;

export const isOff = (field: Field, setting: { off?: boolean | undefined } | undefined) =>
  Boolean(setting?.off) && !field.needed;

/** Those of their values that are in the mapping table in force. */
export const takenValues = (place: Mapped, values: Values): Values =>
  Object.fromEntries(
    spread(fieldsOf(place), Object.keys(values)).flatMap(({ name }) =>
      name in values ? [[name, values[name]!]] : [],
    ),
  );

/**
 * The three-way merge of one record, by the mapping table in force.
 */
export function planFor(
  place: Mapped,
  state: { ours: OurRecord; theirs: TheirRecord; link: Link | null },
): Plan {
  const { ours, theirs, link } = state;
  const base = (link?.base as Values | null) ?? null;
  const names = [ours.values, theirs.values, base ?? {}].flatMap((values) => Object.keys(values));
  const fields = spread(fieldsOf(place), names);
  return plan(
    {
      values: canonicalOurs(fields, ours.values),
      changedAt: ours.changedAt.toISOString(),
    },
    { values: theirs.values, changedAt: theirs.changedAt },
    withWritten(base, writtenBefore(fields, link, theirs.values)),
    fields,
    link?.held ?? {},
  );
}

/** Of values that go to them, those whose field is followed only while what we wrote stands there. */
export const tendedIn = (place: Mapped, values: Values): Values => {
  const fields = spread(fieldsOf(place), Object.keys(values)).filter(({ name }) => name in values);
  return tendedOf(fields, values);
};

const tendedOf = (fields: readonly MappedField[], values: Values): Values =>
  Object.fromEntries(
    fields.flatMap(({ name, flow }) =>
      flow === 'tend' || flow === 'keep' ? [[name, values[name] ?? null]] : [],
    ),
  );

/** What stands there of what we wrote without hearing how it ended. */
function writtenBefore(fields: readonly MappedField[], link: Link | null, theirs: Values): Values {
  const { sent } = link ?? {};
  if (!sent) return {};
  const stands = ([name, value]: [string, Value]) => sent[name]?.includes(value) ?? false;
  return Object.fromEntries(Object.entries(tendedOf(fields, theirs)).filter(stands));
}

const withWritten = (base: Values | null, written: Values): Values | null =>
  Object.keys(written).length > 0 ? { ...base, ...written } : base;
