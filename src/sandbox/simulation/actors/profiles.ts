import { kindWords, type PartKind, partKinds } from '#src/students/partKinds.ts';
import type { ProfilePart } from '#src/students/profileParts.ts';
import type { Value } from '#src/sync/canonical.ts';
import type { ChildRow } from '../../manatal/rows.ts';
import { stageOf } from '../stage.ts';
import type { SimulatedAccount, SimulatedStudent, SimulatedWorld } from '../world.ts';
import { anyOf, hot, noteTheirEdit } from './choosing.ts';

const aStudent = (world: SimulatedWorld) => hot(world.random, world.students);

/** What somebody might write; numbers tell each from all others. */
function typedFor(world: SimulatedWorld, kind: PartKind): Record<string, string> {
  const number = world.random.integer(1_000_000);
  const place = `Village ${number}`;
  if (kind === 'educations')
    return { school: `College ${number}`, startedOn: '2021', location: place };
  if (kind === 'skills') return { name: `Craft ${number}` };
  if (kind === 'socialLinks') return { url: `https://social.example/p${number}` };
  const isCurrent = world.random.integer(2) > 0 ? 'yes' : '';
  return { title: `Cook ${number}`, employer: `Kitchen ${number}`, isCurrent, location: place };
}

function tell(world: SimulatedWorld, ownerId: string, typed: Record<string, string>): void {
  const { ledger } = stageOf(world);
  for (const [name, value] of Object.entries(typed))
    if (!['startedOn', 'isCurrent'].includes(name))
      ledger.tell({ value, ownerId, category: 'profile' });
}

export async function addsToProfile(world: SimulatedWorld): Promise<void> {
  const student = aStudent(world);
  const kind = anyOf(world.random, partKinds);
  if (!student || !kind) return;
  const typed = typedFor(world, kind);
  tell(world, student.userId, typed);
  await world.web.profileParts.savePart(student.userId, { kind, id: null, typed });
}

async function aPart(
  world: SimulatedWorld,
): Promise<{ student: SimulatedStudent; part: ProfilePart } | null> {
  const student = aStudent(world);
  if (!student) return null;
  const parts = await world.web.profileParts.partsOf(student.userId);
  const part = hot(world.random, parts);
  return part ? { student, part } : null;
}

/** The words that tell it from others, or only where it was. */
export async function editsProfilePart(world: SimulatedWorld): Promise<void> {
  const chosen = await aPart(world);
  if (!chosen || !kindWords[chosen.part.kind].isEditable) return;
  const { student, part } = chosen;
  const { id, kind, values } = part;
  const before = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      value === true ? 'yes' : String(value || ''),
    ]),
  );
  const fresh = typedFor(world, kind);
  const name = anyOf(world.random, [kindWords[kind].key[0]!, 'location'])!;
  const value = fresh[name]!;
  const typed = { ...before, [name]: value };
  tell(world, student.userId, { [name]: value });
  const { ledger } = stageOf(world);
  const from = world.now().getTime();
  let isSaved: boolean | null = null;
  try {
    isSaved = (await world.web.profileParts.savePart(student.userId, { kind, id, typed })).ok;
  } finally {
    const edit = {
      side: 'ours',
      connectionId: null,
      resource: kind,
      id,
      field: name,
      value,
    } as const;
    if (isSaved !== false) ledger.edit(edit, { from, isDoubtful: !isSaved });
  }
}

export async function removesProfilePart(world: SimulatedWorld): Promise<void> {
  const chosen = await aPart(world);
  if (chosen) await world.web.profileParts.removePart(chosen.student.userId, chosen.part.id);
}

/** Sends the file chosen last to every employer who has an application. */
export async function sendsNewerResume(world: SimulatedWorld): Promise<void> {
  const student = aStudent(world);
  if (student) await world.web.newerResumes.send(student.userId, student.resumeId);
}

/** A recruiter mends what stands below a candidate: from then on those are the recruiter's words. */
export function editsProfileRow(world: SimulatedWorld, account: SimulatedAccount): void {
  const { simulator, accountId, recruiter } = account;
  const resource = anyOf(world.random, ['educations', 'experiences'] as const)!;
  const row = hot<ChildRow>(world.random, simulator.rows(accountId, resource));
  if (!row) return;
  const field = anyOf(world.random, ['location', resource === 'educations' ? 'school' : 'title'])!;
  const raw: Value = `Checked ${10_000 + world.random.integer(89_999)}`;
  recruiter.editRow(resource, row.id, { [field]: raw });
  const id = `${row.parent.split('/')[1]}/${row.id}`;
  noteTheirEdit(world, account, { resource, id, theirs: field, raw });
}
