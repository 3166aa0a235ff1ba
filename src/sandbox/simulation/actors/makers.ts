import type { JobChanges } from '#src/jobs/jobChanges.ts';
import type { TypedOrganization } from '#src/organizations/organizationChanges.ts';
import { anything, type Value } from '#src/sync/canonical.ts';
import { stageOf } from '../stage.ts';
import type { SimulatedWorld } from '../world.ts';
import { anyOf, hot } from './choosing.ts';

/** Employers that somebody may name; some of them recruiters have as well. */
const employers = ['Reef Labs', 'Island Kitchen'];

/** Staff make a job for an account, and go on when they are told that it stands. */
export async function makesJob(world: SimulatedWorld): Promise<void> {
  const { employers: known, accounts } = await world.web.jobEditing.choices();
  const account = anyOf(world.random, accounts);
  if (!account) return;
  const name = anyOf(world.random, employers)!;
  const employer = known.find(({ label }) => label === name) ?? hot(world.random, known);
  const isNew = !employer || world.random.integer(3) === 0;
  const isNamed = known.some(({ label }) => label === name);
  const changes: JobChanges = {
    ...anyOf(world.random, bodies)!,
    publishedHere: world.random.integer(3) > 0,
  };
  const from = world.now().getTime();
  const made = await world.web.jobEditing.create(
    {
      changes,
      employerId: isNew && !isNamed ? null : (employer?.id ?? null),
      newEmployer: isNew && !isNamed ? name : null,
      connectionId: account.id,
    },
    { by: 'staff' },
  );
  // Somebody named the same new employer a moment before.
  if (!made.ok) return;
  const { ledger } = stageOf(world);
  ledger.bear({ jobId: made.jobId, connectionId: account.id });
  noteHere(world, { resource: 'jobs', id: made.jobId, change: changes }, from);
}

const bodies: readonly JobChanges[] = [
  { title: 'Diver', city: 'Koror', payMin: '12.5', payPeriod: 'hour' },
  { title: 'Barista', descriptionHtml: '<p>Early hours.</p>', employmentType: 'part_time' },
  { title: 'Night porter', status: 'paused', headcount: 2 },
];

/** Staff correct what an account keeps in a field of its own. */
export async function editsCustomField(world: SimulatedWorld): Promise<void> {
  const job = hot(world.random, await world.web.jobs.newest(20));
  const found = job && (await world.web.jobEditing.byId(job.id));
  if (!found || !('shift' in found.customFields)) return;
  const shift = anyOf(world.random, ['day', 'late'])!;
  await keeping(
    world,
    { resource: 'jobs', id: found.id, change: { 'customFields.shift': shift } },
    () => world.web.jobEditing.edit(found.id, {}, { by: 'staff', custom: { shift } }),
  );
}

/** Staff correct what an employer says of itself. */
export async function editsOrganization(world: SimulatedWorld): Promise<void> {
  const { organizations } = await world.web.organizationEditing.list({ text: '', page: 1 });
  const found = hot(world.random, organizations);
  if (!found) return;
  const change = anyOf(world.random, organizationEdits)!;
  await keeping(world, { resource: 'organizations', id: found.id, change }, () =>
    world.web.organizationEditing.edit(found.id, change, { by: 'staff' }),
  );
}

const organizationEdits: readonly TypedOrganization[] = [
  { website: 'https://reef.example' },
  { website: 'https://lagoon.example' },
  { address: '1 Beach Road' },
  { address: '' },
];

interface Edited {
  resource: string;
  id: string;
  change: Readonly<Record<string, unknown>>;
}

/** Does an edit and writes it down: for certain when it was answered, else as one that may stand. */
async function keeping(
  world: SimulatedWorld,
  edited: Edited,
  edit: () => Promise<{ ok: boolean; changed?: string[] }>,
): Promise<void> {
  const from = world.now().getTime();
  let isStored: boolean | null = null;
  try {
    const answer = await edit();
    isStored = answer.ok && (answer.changed ?? []).length > 0;
  } finally {
    if (isStored !== false) noteHere(world, edited, from, !isStored);
  }
}

function noteHere(
  world: SimulatedWorld,
  { resource, id, change }: Edited,
  from: number,
  isDoubtful = false,
): void {
  const of = { side: 'ours', connectionId: null, resource, id } as const;
  for (const [field, raw] of Object.entries(change)) {
    const read = anything(raw === '' ? null : raw);
    const value: Value = 'value' in read ? read.value : null;
    stageOf(world).ledger.edit({ ...of, field, value }, { from, isDoubtful });
  }
}
