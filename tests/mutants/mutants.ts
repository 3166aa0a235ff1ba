import { choiceMutants } from './choiceMutants.ts';

/** The engine, wrong in one place: the tests must notice, or they do not prove what they seem to. */
export interface Mutant {
  name: string;
  /** The rule that it breaks. */
  rule: string;
  file: string;
  /** Stands in the file exactly once. */
  find: string;
  replace: string;
  /** The test files that know the rule: they are asked first. Without them, everybody is. */
  caughtBy?: readonly string[];
}

const create = 'src/sync/createTheirs.ts';
const links = 'src/sync/links.ts';

export const mutants: readonly Mutant[] = [
  {
    name: 'creates without looking first',
    rule: 'I2',
    file: create,
    find: 'const look = await resource.find!(call, outgoing);',
    replace:
      'const look = { ok: true, value: { found: null, intent: { slot: "resume" } } } as const;',
    caughtBy: ['tests/world/slowCreate.test.ts', 'tests/world/ambiguities.test.ts'],
  },
  {
    name: 'stores the link only with the agreement',
    rule: 'I2',
    file: create,
    find: `await rememberTheirs(
    parts.db,
    {
      ...{ ...placeOf(place), ourId, theirId: theirs.id },
      wrote: byUs ? tendedIn(place, theirs.values) : null,
      isOlder: byUs && !made,
    },
    { newId: parts.newId, now: parts.clock.now() },
  );`,
    replace: 'await findLink(parts.db, placeOf(place), { ourId });',
    caughtBy: ['tests/world/linkFirst.test.ts'],
  },
  {
    name: 'does not wait for a create that was cut off',
    rule: 'I3',
    file: create,
    find: '  if (leftSeconds <= 0) return null;',
    replace: '  if (leftSeconds <= 1e9) return null;',
    caughtBy: ['tests/world/slowCreate.test.ts'],
  },
  {
    name: 'sends a note again without recognising it',
    rule: 'I3',
    file: 'src/providers/manatal/notes.ts',
    find: 'plainText(note.info) === words',
    replace: "plainText(note.info) === words.concat(' ')",
    caughtBy: ['tests/world/linkFirst.test.ts', 'tests/world/slowCreate.test.ts'],
  },
  {
    name: 'keeps the old base',
    rule: 'M1',
    file: links,
    find: 'base = fresh.base,',
    replace: '',
    caughtBy: ['tests/world/twoSides.test.ts'],
  },
  {
    name: 'counts a change of ours as agreed that it never read',
    rule: 'D6',
    file: 'src/sync/mergeRecord.ts',
    find: 'agreedVersion: version,',
    replace: 'agreedVersion: version + 1,',
    caughtBy: ['tests/world/movedOn.test.ts'],
  },
  {
    name: 'takes its own echo for news',
    rule: 'M6',
    file: 'src/sync/plan.ts',
    find: 'toThem[name] = agreed[name] = mine;',
    replace: 'toThem[name] = mine;',
    caughtBy: ['src/sync/plan.test.ts'],
  },
  {
    name: 'compares text as it came',
    rule: 'M5',
    file: 'src/sync/canonical.ts',
    find: "storable(raw).normalize('NFC').trim()",
    replace: 'storable(raw)',
    caughtBy: ['src/sync/canonical.test.ts'],
  },
  {
    name: 'takes an older read for news',
    rule: 'D3',
    file: 'src/sync/pageWork.ts',
    find: 'row.revision < link.theirRevision',
    replace: "row.revision < ''",
    caughtBy: ['tests/world/movedOn.test.ts'],
  },
  {
    name: 'writes over a row of ours that moved on',
    rule: 'M1',
    file: 'src/jobs/synced.ts',
    find: 'before?.version !== write.version',
    replace: '!before',
    caughtBy: ['tests/world/movedOn.test.ts'],
  },
  {
    name: 'writes over a link that moved on',
    rule: 'D7',
    file: links,
    find: 'where links.id = fresh.id and links.fence = fresh.fence',
    replace: 'where links.id = fresh.id',
    caughtBy: ['tests/world/movedOn.test.ts'],
  },
  {
    name: 'lets go of the lock before the work',
    rule: 'D7',
    file: 'src/sync/engine.ts',
    find: 'const turn = await parts.locks.tryWith(key!, (signal) => {',
    replace: `await parts.locks.tryWith(key!, async () => null);
  const unlocked = async (work: (signal: AbortSignal) => Promise<Passed | null>) => ({
    held: true as const,
    value: await work(new AbortController().signal),
  });
  const turn = await unlocked((signal) => {`,
    caughtBy: ['tests/world/doors.test.ts'],
  },
  {
    name: 'takes the status of a job out of the webhook',
    rule: 'D2',
    file: 'src/sync/webhooks.ts',
    find: '    if (hint.ignored || !hint.resource || !isWorking(connection)) return;',
    replace: `    const { sql } = await import('drizzle-orm');
    const said = (body as { status?: string } | null)?.status;
    if (said && hint.resource === 'jobs' && hint.theirId)
      await tx.execute(sql\`update jobs set status = \${said} where id::text = (select our_id
        from links where connection_id = \${connection.id} and resource = 'jobs'
        and their_id = \${hint.theirId})\`);
    if (hint.ignored || !hint.resource || !isWorking(connection)) return;`,
    caughtBy: ['tests/world/doors.test.ts', 'tests/world/jobsComingIn.test.ts'],
  },
  {
    name: 'does not ring for what is due',
    rule: 'D6',
    file: 'src/sync/outbox.ts',
    find: 'const ourIds = await unheld(parts, of, found);',
    replace: 'const ourIds = (await unheld(parts, of, found)).slice(0, 0);',
    caughtBy: ['tests/world/doors.test.ts', 'tests/world/jobEditing.test.ts'],
  },
  {
    name: 'closes a job that its list does not show, though it is there',
    rule: 'A1',
    file: 'src/providers/manatal/paging.ts',
    find: 'if (answer.ok) return read(answer.value);',
    replace: `if (answer.ok && (answer.value as Row).is_published === false) return done('gone');
  if (answer.ok) return read(answer.value);`,
    caughtBy: ['tests/world/reconciliation.test.ts', 'tests/world/jobsComingIn.test.ts'],
  },
  {
    name: 'does not heed that a record is gone',
    rule: 'A1',
    file: 'src/sync/recordPass.ts',
    find: 'return link?.goneAt ? removed : closeGone(parts, place, task, link);',
    replace: 'return removed;',
    caughtBy: ['tests/world/goneApplicants.test.ts'],
  },
  {
    name: 'takes every failure of a create as a no',
    rule: 'I3',
    file: 'src/sync/createTheirs.ts',
    find: "return failure.kind !== 'unreachable' || failure.notSent === true;",
    replace: 'return true;',
    caughtBy: ['tests/world/careerPageApplying.test.ts'],
  },
  {
    name: 'sends a create again while the first may still arrive',
    rule: 'I3',
    file: 'src/sync/createTheirs.ts',
    find: 'const settleSecondsMin = 120;',
    replace: 'const settleSecondsMin = 2;',
    caughtBy: ['tests/world/slowCreate.test.ts'],
  },
  {
    name: 'forgets that something was sent when it is stopped before the answer',
    rule: 'F4',
    file: 'src/sync/createOnce.ts',
    find: 'if (isUnanswered(pending)) {',
    replace: 'if (isUnanswered(null)) {',
    caughtBy: ['tests/world/careerPageApplying.test.ts'],
  },
  {
    name: 'writes onto a contact that moved on since it was read',
    rule: 'M1',
    file: 'src/providers/wix/contacts.ts',
    find: "if (fresh.record.revision !== outgoing.revision) return done('moved on');",
    replace: '',
    caughtBy: ['tests/contract/wixQuirks.test.ts'],
  },
  {
    name: 'moves a contact whose student does not agree',
    rule: 'P2',
    file: 'src/contacts/synced.ts',
    find: 'studentId} is null',
    replace: 'studentId} is null or true',
    caughtBy: ['tests/world/websiteStudents.test.ts'],
  },
  {
    name: 'begins a poll at the newest change of a list that is in no such order',
    rule: 'D4',
    file: 'src/sync/readList.ts',
    find: 'changedAt && atMost && changedAt > atMost ? atMost : changedAt',
    replace: 'changedAt',
    caughtBy: ['src/sync/readList.test.ts'],
  },
  {
    name: 'takes for its own what a recruiter wrote before the answer came',
    rule: 'M1',
    file: create,
    find: 'isOlder: byUs && !made,',
    replace: 'isOlder: false,',
    caughtBy: ['tests/world/livingProfile.test.ts'],
  },
  {
    name: 'goes on calling after a 429',
    rule: 'Q3',
    file: 'src/providers/caller.ts',
    find: 'await parts.quota.block(account.quotaKey, retryAfterSeconds, context.lane);',
    replace: 'await parts.quota.block(account.quotaKey, retryAfterSeconds * 0, context.lane);',
    caughtBy: ['tests/world/trouble.test.ts'],
  },
  {
    name: 'tries a refused record for ever',
    rule: 'F1',
    file: 'src/sync/backOff.ts',
    find: "    case 'refused':\n",
    replace:
      "    case 'refused':\n      return { retryInSeconds: backOffSeconds(attempts, random) };\n",
    caughtBy: ['src/sync/outcome.test.ts', 'tests/world/deadLetters.test.ts'],
  },
  {
    name: 'forgets what a run that was cut off had before it',
    rule: 'F4',
    file: 'src/sync/runs.ts',
    find: 'checkpoint: { ...standing, step: standing.step + 1 },',
    replace: 'checkpoint: { ...standing, pending: [], step: standing.step + 1 },',
    caughtBy: ['tests/world/runsTellTheTruth.test.ts'],
  },
  {
    name: 'counts wrongly',
    rule: 'F6',
    file: 'src/sync/pendingRows.ts',
    find: 'if (row.theirs) countEnd(',
    replace: "if (row.theirs && passed.kind !== 'skipped') countEnd(",
    caughtBy: ['tests/world/ambiguities.test.ts'],
  },
  {
    name: 'writes an e-mail into an issue',
    rule: 'P3',
    file: create,
    find: 'all fit it;',
    replace: `all fit it, \${String(outgoing.values.email)};`,
    caughtBy: ['tests/world/ambiguities.test.ts'],
  },
  {
    name: 'sends what no agreement covers',
    rule: 'P1',
    file: 'src/privacy/store.ts',
    find: `= any (agreed.categories)))\`;`,
    replace: `= any (agreed.categories))) or true\`;`,
    caughtBy: ['tests/world/applying.test.ts'],
  },
  {
    name: 'sends an application that was withdrawn',
    rule: 'P1',
    file: 'src/sync/recordPass.ts',
    find: 'if (leaving && !leaving.has(ours.id))',
    replace: 'if (leaving && !leaving)',
    caughtBy: ['tests/world/applying.test.ts'],
  },
  ...choiceMutants,
];
