import type { Clock } from '#src/platform/clock.ts';
import { done, failed } from '#src/platform/failure.ts';
import { email, text } from '#src/sync/canonical.ts';
import type { Connector, TheirRecord } from '#src/sync/connector.ts';
import type { Field } from '#src/sync/fields.ts';
import type { Flow, Policy } from '#src/sync/flow.ts';

/** The fields of a thing. The e-mail is what two things are told to be the same by. */
export const thingFields = ['email', 'title', 'city', 'pay'] as const;
export type Thing = Partial<Record<(typeof thingFields)[number], string | null>>;

interface Row {
  id: string;
  values: Record<string, string | null>;
  /** The id of our thing, where we left it. */
  ourId: string | null;
  changedAt: string;
  revision: string;
  /** Asked for by its id, another one answers. */
  mergedInto: string | null;
}

export interface OtherSideOptions {
  clock: Clock;
  flow?: Flow;
  policies?: Partial<Record<keyof Thing, Policy>>;
  /** Whether a thing there can be changed from here. */
  canUpdate?: boolean;
  /** Whether things that do not come from here are brought in. */
  bringsIn?: boolean;
}

/**
 * A provider of one resource, `things`, kept in memory: an honest one that can do all a connector
 * may, so that the engine's rules can be tested without the quirks of a real provider.
 */
export function createOtherSide(options: OtherSideOptions) {
  const { clock, flow = 'both', policies = {}, canUpdate = true, bringsIn = true } = options;
  const rows = new Map<string, Row>();
  const calls: string[] = [];
  let last = 0;
  const stamp = () => {
    const changedAt = clock.now().toISOString();
    // Two changes within a millisecond are two revisions all the same.
    return { changedAt, revision: `${changedAt} ${String(++last).padStart(6, '0')}` };
  };
  const add = (values: Thing, ourId: string | null = null): string => {
    const id = String(101 + rows.size);
    rows.set(id, { id, values: { ...values }, ourId, mergedInto: null, ...stamp() });
    return id;
  };
  const edit = (id: string, values: Thing) => {
    const row = rows.get(id)!;
    Object.assign(row, stamp(), { values: { ...row.values, ...values } });
  };
  const readRow = (row: Row): TheirRecord => ({
    ...recordOf(row),
    keepOut: bringsIn || row.ourId ? null : 'not one of ours',
  });
  const living = () => [...rows.values()].filter((row) => !row.mergedInto);
  const fields: Field[] = thingFields.map((name) => ({
    ours: name,
    theirs: name,
    flow,
    policy: policies[name] ?? 'newest',
    canonical: name === 'email' ? email : text,
    ...(name === 'email' ? { needed: true } : {}),
  }));
  const connector: Connector = {
    provider: 'otherSide',
    label: 'The other side',
    callsPerMinute: 0,
    probes: [],
    quotaKeyOf: () => 'otherSide',
    resources: [
      {
        name: 'things',
        label: 'Things',
        fields,
        async list() {
          calls.push('list');
          const records = living().map(readRow);
          return done({ records, surprises: [], next: null, total: records.length });
        },
        async changedSince(_context, since) {
          calls.push('list');
          const records = living()
            .filter((row) => row.revision >= since)
            .map(readRow);
          return done({ records, surprises: [], next: null, total: null });
        },
        async get(_context, id) {
          calls.push(`get ${id}`);
          const row = rows.get(id);
          const other = row?.mergedInto ? rows.get(row.mergedInto) : row;
          return done(other ? readRow(other) : 'gone');
        },
        async find(_context, { ourId, values }) {
          calls.push('find');
          const own = living().filter((row) => row.ourId === ourId);
          const fits = (row: Row) => values.email && readRow(row).values.email === values.email;
          const [first, ...others] = (own.length > 0 ? own : living().filter(fits)).sort(
            (a, b) => Number(a.id) - Number(b.id),
          );
          if (!first) return done({ found: null });
          return done({ found: readRow(first), others: others.map(({ id }) => id) });
        },
        async create(context, { ourId, values }) {
          await context.stillWanted!();
          const id = add(values as Thing, ourId);
          calls.push(`create ${id}`);
          return done(readRow(rows.get(id)!));
        },
        ...(canUpdate && {
          async update(_context, id, changes) {
            calls.push(`update ${id}`);
            const row = rows.get(id);
            if (!row) return failed({ kind: 'refused', status: 404, detail: 'gone' });
            edit(id, changes as Thing);
            return done(readRow(row));
          },
        }),
      },
    ],
  };
  return {
    connector,
    add,
    edit,
    /** What every call asked for, in order; those that write begin with create or update. */
    calls,
    writes: () => calls.filter((call) => /^(create|update)/.test(call)),
    values: (id: string) => readRow(rows.get(id)!).values,
    ids: () => living().map(({ id }) => id),
    /** A person there makes two into one: asked for the first, the second answers. */
    merge(id: string, into: string) {
      rows.get(id)!.mergedInto = into;
      edit(into, {});
    },
    remove: (id: string) => rows.delete(id),
  };
}

export type OtherSide = ReturnType<typeof createOtherSide>;

function recordOf({ id, values, ourId, changedAt, revision }: Row): TheirRecord {
  const canonical = Object.fromEntries(
    thingFields.map((name) => {
      const read = (name === 'email' ? email : text)(values[name]);
      if ('problem' in read) throw new Error(read.problem);
      return [name, read.value];
    }),
  );
  return { id, revision, changedAt, values: canonical, ourId, refs: {}, keepOut: null };
}
