import { stageOf } from '../stage.ts';
import type { SimulatedAccount, SimulatedWorld } from '../world.ts';
import { applies } from './applicants.ts';
import { anyOf, hot, noteTheirEdit } from './choosing.ts';
import { clicks } from './recruiters.ts';
import { connected } from './staff.ts';

/** Staff choose whether students are shown what recruiters wrote of them. */
export async function choose(
  world: SimulatedWorld,
  { connectionId }: SimulatedAccount,
  suggestions: 'contact' | 'no',
): Promise<void> {
  stageOf(world).ledger.choose(connectionId!);
  await world.web.decisions.chooseOptions(connectionId!, { suggestions }, 'staff');
}

export async function choosesSuggestions(world: SimulatedWorld): Promise<void> {
  const account = connected(world);
  const value = anyOf(world.random, ['contact', 'contact', 'no'] as const)!;
  if (account) await choose(world, account, value);
}

/** A recruiter mends what a student of ours said of themselves, with what a profile takes or does not. */
export function correctsApplicant(world: SimulatedWorld, account: SimulatedAccount): void {
  const { recruiter, simulator, accountId } = account;
  const rows = simulator.rows(accountId, 'candidates').filter((row) => row.external_id);
  const candidate = hot(world.random, rows);
  const number = 10_000 + world.random.integer(89_999);
  const tail = String(number).slice(0, 4);
  const made: readonly [string, string | null][] = [
    ['phone_number', `+1671647${tail}`],
    ['phone_number', `+1 (671) 646-${tail}`],
    ['phone_number', `ask for ${number}`],
    ['phone_number', null],
    ['address', `Unit ${number}, Yigo`],
    ['address', null],
    ['full_name', `Corrected Person ${number}`],
  ];
  const [name, value] = anyOf(world.random, made)!;
  if (!candidate || !recruiter.editCandidate(candidate.id, { [name]: value }).ok) return;
  const edit = { resource: 'candidates', id: candidate.id, theirs: name, raw: value };
  noteTheirEdit(world, account, edit);
  if (value) stageOf(world).ledger.tell({ value, ownerId: null, category: 'about' });
}

/** Looks at the profile page, and uses what is offered there or keeps what is their own. */
export async function answersSuggestion(world: SimulatedWorld): Promise<void> {
  const student = hot(world.random, world.students);
  if (!student) return;
  const { ledger } = stageOf(world);
  const { userId: studentId } = student;
  const offers = await world.web.suggestions.offersTo(studentId);
  for (const { connectionId, field, value } of offers)
    ledger.see({ studentId, connectionId, field, value });
  const offer = anyOf(world.random, offers);
  if (!offer) return;
  const { connectionId, field, value } = offer;
  const how = anyOf(world.random, ['take', 'keep'] as const)!;
  // What they use is theirs from here on.
  if (how === 'take') ledger.tell({ value, ownerId: studentId, category: field });
  const answered = ledger.answer({ studentId, connectionId, field, value, how });
  let isDone: boolean | null = null;
  try {
    isDone = await world.web.suggestions[how](studentId, { connectionId, field, value });
    answered.at = isDone ? world.now().getTime() : null;
    if (isDone) ledger.count(how === 'take' ? 'a suggestion was used' : 'a suggestion was refused');
  } finally {
    if (how === 'take' && isDone !== false) {
      const of = { side: 'ours', connectionId: null, resource: 'candidates' } as const;
      const stands = { from: answered.from, isDoubtful: !isDone };
      ledger.edit({ ...of, id: studentId, field, value }, stands);
    }
  }
}

/** One after the other, with what happens meanwhile in between. */
export async function isCorrected(world: SimulatedWorld): Promise<void> {
  const rests = () => world.sleep(10 + world.random.integer(120));
  await applies(world);
  await rests();
  await clicks('corrects', correctsApplicant)(world);
  await rests();
  await answersSuggestion(world);
}
