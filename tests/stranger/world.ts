/** What the account holds, in plain values; how a row looks on the wire is told in `wire.ts`. */
export interface World {
  key: string;
  organizations: Map<number, Row>;
  jobs: Map<number, Row>;
  candidates: Map<number, Row>;
  matches: Map<number, Row>;
  resumes: Map<number, Row>;
  attachments: Map<number, Row>;
  notes: Map<number, Row>;
  /** Each is left out of lists, and answers 500 to everybody who asks for it alone. */
  brokenOrganizations: Set<number>;
  nextId: () => number;
}

export type Row = Record<string, unknown> & { id: number; updatedAt: number; createdAt: number };

/** How long a recruiter's write stays unseen by readers: replicas lag. */
const staleMilliseconds = 500;

export const stages = [
  { id: 515003, name: '3 - Site visit', rank: 3 },
  { id: 515001, name: 'Inbox', rank: 1 },
  { id: 515002, name: '2 - Phone', rank: 2 },
  { id: 515009, name: 'Aangenomen', rank: 4 },
];

export function createWorld(key: string): World {
  let id = 5_100_000;
  return {
    key,
    organizations: new Map(),
    jobs: new Map(),
    candidates: new Map(),
    matches: new Map(),
    resumes: new Map(),
    attachments: new Map(),
    notes: new Map(),
    brokenOrganizations: new Set(),
    nextId: () => ++id,
  };
}

/** Puts a row in; it counts as changed now. */
export function put(world: World, rows: Map<number, Row>, values: Record<string, unknown>): Row {
  const now = Date.now();
  const row = { id: world.nextId(), createdAt: now, updatedAt: now, ...values };
  rows.set(row.id, row);
  return row;
}

/** An edit in the app: `updated_at` moves now, and readers see the old row for half a second. */
export function edit(row: Row, values: Record<string, unknown>): void {
  const { before: _, ...before } = row;
  const now = Date.now();
  Object.assign(row, values, { updatedAt: now, before, seenFrom: now + staleMilliseconds });
}

/** The row as a reader sees it at this moment. */
export function seen(row: Row): Row {
  const isStale = typeof row.seenFrom === 'number' && Date.now() < row.seenFrom;
  return isStale ? (row.before as Row) : row;
}

/** An open, published job with everything said. */
export const openJob = (organization: number, values: Record<string, unknown> = {}) => ({
  organization,
  position_name: 'Deckhand',
  description: '<p>Work at sea.</p>',
  headcount: 2,
  salary_min: 12.5,
  salary_max: '14.00',
  currency: 'USD',
  frequency: 'hour',
  is_salary_visible: true,
  contract_details: 'part_time',
  status: 'active',
  is_published: true,
  is_remote: null,
  city: 'Hagåtña',
  country: 'Guam',
  open_at: null,
  close_at: null,
  custom_fields: {},
  ...values,
});

export const titleOf = (job: Row) => String(job.position_name);

/** May students see it? Told from the row alone, as the reference says. 9.3 */
export const isOnBoard = (job: Row) =>
  job.status === 'active' &&
  job.is_published === true &&
  !job.close_at &&
  typeof job.position_name === 'string';

/** A random number generator with a seed, so that a run can be told again. */
export function createDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
