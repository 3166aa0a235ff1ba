import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Tx } from '#src/platform/database.ts';
import { type ActivityLine, record } from './activity.ts';
import { type Connection, patchSettings } from './connections.ts';
import type { Connector, ResourceConnector } from './connector.ts';
import type { Field } from './fields.ts';
import { type Flow, type Policy, policies, policyWords } from './flow.ts';
import { type FieldSettings, fieldSettingsOf, flowOf, isOff } from './mapping.ts';
import type { Parts } from './parts.ts';
import { connections, links } from './tables.ts';

/** What staff want of one field. */
export interface FieldChoice {
  resource: string;
  field: string;
  /** As it came in; null: as it is. Heeded where either side may change the field. */
  policy: string | null;
  on: boolean;
}

/** One field whose rule is another than before, in words for the history: no values. [P3] */
export interface FieldChange {
  resource: string;
  field: string;
  words: string;
  switchedOn: boolean;
}

export type FieldAnswer =
  | { ok: true; changes: FieldChange[] }
  /** 'resource.field' -> what is wrong with it. */
  | { ok: false; errors: Record<string, string> };

/**
 * Stores what staff chose for a connection's fields. It decides what happens from now on and
 * rewrites no record by itself; a field that is switched on again is compared when its record is
 * read next.
 */
export async function chooseFields(
  parts: Parts,
  { connectionId, choices, by }: { connectionId: string; choices: FieldChoice[]; by: string },
): Promise<FieldAnswer> {
  const now = parts.clock.now();
  const answer = await parts.db.transaction(async (tx): Promise<FieldAnswer> => {
    const [connection] = await tx
      .select()
      .from(connections)
      .where(eq(connections.id, connectionId))
      .for('update');
    const connector = parts.connectors.get(connection?.provider ?? '');
    if (!connection || !connector) throw new Error(`no connection ${connectionId}`);
    const decided = decideFields(connector, connection, choices);
    if (!decided.ok) return decided;
    const { changes, settings } = decided;
    if (changes.length === 0) return { ok: true, changes };
    await patchSettings(tx, connectionId, { patch: { policies: settings }, now });
    await readAgain(tx, connectionId, changes);
    const lines = linesOf(connectionId, changes, by);
    await record(tx, lines, { newId: parts.newId, now });
    return { ok: true, changes };
  });
  for (const topic of ['connections', 'activity']) await parts.live.publish(topic);
  return answer;
}

type Decided =
  | { ok: true; changes: FieldChange[]; settings: FieldSettings }
  | { ok: false; errors: Record<string, string> };

/** What the settings become; pure. Only what differs from the connector's default is kept. */
export function decideFields(
  connector: Pick<Connector, 'resources'>,
  connection: Pick<Connection, 'settings'>,
  choices: readonly FieldChoice[],
): Decided {
  const settings = structuredClone(fieldSettingsOf(connection));
  const changes: FieldChange[] = [];
  const errors: Record<string, string> = {};
  for (const choice of choices) {
    const resource = connector.resources.find(({ name }) => name === choice.resource);
    const field = resource?.fields.find(({ ours }) => ours === choice.field);
    const flow = field && flowOf(field, connection);
    const wrong =
      field && flow ? wrongChoice(field, { ...choice, flow }) : 'There is no such field.';
    if (wrong) errors[`${choice.resource}.${choice.field}`] = wrong;
    if (wrong || !resource || !field) continue;
    const before = standing(field, settings, resource);
    const policy = flow === 'both' ? ((choice.policy as Policy) ?? before.policy) : null;
    const words = [
      policy && policy !== before.policy ? `${policyWords[policy]}` : '',
      choice.on === before.on ? '' : choice.on ? 'switched on' : 'switched off',
    ].filter(Boolean);
    if (words.length === 0) continue;
    const own = {
      ...(policy && policy !== field.policy ? { policy } : {}),
      ...(choice.on ? {} : { off: true }),
    };
    settings[resource.name] = { ...settings[resource.name], [field.ours]: own };
    changes.push({
      resource: resource.name,
      field: field.ours,
      words: words.join(', '),
      switchedOn: choice.on && !before.on,
    });
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, changes, settings };
}

function wrongChoice(
  field: Field,
  { policy, on, flow }: FieldChoice & { flow: Flow },
): string | null {
  if (!on && field.needed) return 'KiEX cannot do without this field.';
  if (policy === null || flow !== 'both') return null;
  return (policies as readonly string[]).includes(policy) ? null : 'There is no such policy.';
}

function standing(field: Field, settings: FieldSettings, { name }: ResourceConnector) {
  const own = settings[name]?.[field.ours];
  return { policy: own?.policy ?? field.policy, on: !isOff(field, own) };
}

/** What was left alone meanwhile may differ by now: the next look may not take it for settled. */
async function readAgain(tx: Tx, connectionId: string, changes: FieldChange[]): Promise<void> {
  const resources = changes.flatMap(({ resource, switchedOn }) => (switchedOn ? [resource] : []));
  if (resources.length === 0) return;
  await tx
    .update(links)
    .set({ theirRevision: null, fence: sql`${links.fence} + 1` })
    .where(and(eq(links.connectionId, connectionId), inArray(links.resource, resources)));
}

function linesOf(connectionId: string, changes: FieldChange[], by: string): ActivityLine[] {
  const resources = [...new Set(changes.map(({ resource }) => resource))];
  return resources.map((resource) => {
    const of = changes.filter((change) => change.resource === resource);
    const words = of.map(({ field, words }) => `${field}: ${words}`).join('; ');
    return {
      connectionId,
      resource,
      door: 'staff',
      direction: 'none',
      action: 'fields changed',
      ok: true,
      fields: of.map(({ field }) => field),
      detail: `by ${by}: ${words}`,
    };
  });
}
