import type { Tx } from '#src/platform/database.ts';
import type { Result } from '#src/platform/failure.ts';
import type { Values } from './canonical.ts';
import { forgetRefusals, putClosingsAside, takeUp } from './closings.ts';
import { foundIn } from './conflicts.ts';
import type { Page, TheirRecord } from './connector.ts';
import { placeOf } from './createTheirs.ts';
import { noteFailure, resolveFailures } from './deadLetters.ts';
import { type Agreement, addLinks, agreeLinks } from './links.ts';
import { workOut } from './pageWork.ts';
import type { Parts, Workplace } from './parts.ts';
import { type PassOther, writeContextOf } from './passed.ts';
import type { Plan } from './plan.ts';
import { type Change, changesFrom, remember } from './remember.ts';
import { noteSeen } from './runSeen.ts';
import { advanceRun, type Run } from './runs.ts';
import { doorOfRun, readsWhole, type Standing, type Walk } from './standing.ts';
import type { Write } from './synced.ts';
import { tellSeen } from './tellSeen.ts';
import { countsOf, handOverAll, type RunPage, type Work } from './work.ts';
import { withWorkedOut } from './workedOut.ts';

/** A page whose links moved on under us is worked out anew this often, then row by row. */
const triesMax = 3;

/**
 * The corridor for one page: read up to 100 of theirs in one call, load their links and our rows in
 * one query each, plan in memory, write in a handful of statements, one transaction with the run's
 * checkpoint. A page in which nothing changed writes nothing but the checkpoint. [M6] [F3]
 *
 * at  where the run stands once the page is stored. Rows for the single-record corridor are added to
 *     what waits there, so that each is settled and counted once, wherever the run is cut off. [F4]
 */
export async function passPage(
  walk: Walk,
  step: RunPage & { at: Standing; passOther: PassOther },
): Promise<Result<null>> {
  for (let attempt = 1; ; attempt++) {
    const worked = await workOut(walk, step, step.passOther);
    if (!worked.ok) return worked;
    const work = worked.value;
    if (attempt >= triesMax) handOverAll(work);
    const standing = { ...step.at, pending: [...step.at.pending, ...work.handOver] };
    if (!(await store(walk, { ...step, standing }, work))) continue;
    Object.assign(walk.at, standing, { step: standing.step + 1 });
    return { ok: true, value: null };
  }
}

class MovedOn extends Error {}

type Step = RunPage & { standing: Standing };

/** One transaction: our rows, links, history, failures, the run's counts and its checkpoint. */
async function store(walk: Walk, step: Step, work: Work): Promise<boolean> {
  const { parts, place, run } = walk;
  const now = parts.clock.now();
  const writes = [...work.news, ...work.changed].flatMap(({ write }) => (write ? [write] : []));
  try {
    await parts.db.transaction(async (tx) => {
      const versions = await writeRecords(parts, tx, place, { work, writes, now });
      const before = new Map(work.changed.map(({ link, ours }) => [link.ourId, ours]));
      const changes = await withWorkedOut(tx, place, changesOf(work, versions), before);
      const cause = { door: doorOfRun(run), runId: run.id };
      const found = work.changed.map(({ link, made }) =>
        foundIn({ link, theirId: link.theirId!, made }),
      );
      await remember(tx, parts, place, { cause, changes, found, now });
      await tellSeen(tx, place, work.seen, now);
      await writeTrail(walk, tx, { step, work, now });
      await parts.live.publish('runs', tx);
    });
  } catch (error) {
    if (error instanceof MovedOn) return false;
    throw error;
  }
  const written = writes.map(({ ourId }) => ourId);
  const topics = written.length > 0 ? await place.synced.topics?.(parts.db, written) : [];
  for (const topic of topics ?? []) await parts.live.publish(topic);
  return true;
}

/** Our rows and the agreements on their links; takes all back when any of them moved on. */
async function writeRecords(
  parts: Parts,
  tx: Tx,
  place: Workplace,
  { work, writes, now }: { work: Work; writes: Write[]; now: Date },
): Promise<Map<string, number>> {
  const { news, changed } = work;
  const versions =
    writes.length > 0
      ? await place.synced.write!(tx, writeContextOf(place, now), writes)
      : new Map<string, number>();
  if (versions.size < writes.length) throw new MovedOn();
  const fresh = news.map((row) => newAgreement(row, versions));
  const added = await addLinks(tx, placeOf(place), fresh, { newId: parts.newId, now });
  const renewed = changed.map((row) => oldAgreement(row, versions));
  const agreed = await agreeLinks(tx, renewed, now);
  if (added.size < news.length || agreed.size < changed.length) throw new MovedOn();
  return versions;
}

/** Failures that opened or closed, what was put aside, and where the run stands. */
async function writeTrail(
  walk: Walk,
  tx: Tx,
  { step, work, now }: { step: Step; work: Work; now: Date },
): Promise<void> {
  const { parts, place, run } = walk;
  const { page, source, standing, odd = [] } = step;
  const of = placeOf(place);
  for (const surprise of page.surprises) await noteSurprise(parts, tx, { of, run, surprise });
  // What is handed over or put aside is not settled yet: its own corridor says when it is.
  const waiting = new Set([...work.handOver, ...work.closers].map(({ theirId }) => theirId));
  const settled = page.records.filter((row) => !waiting.has(row.id));
  const keys = [
    ...settled.map((row) => `their:${row.id}`),
    // Both sides agree again: what was refused of ours is refused no more.
    ...work.changed.map(({ link }) => `our:${link.ourId}`),
  ];
  await resolveFailures(tx, { ...of, keys }, now);
  if (source === 'again') {
    const closing = new Set(work.closers.map(({ theirId }) => theirId));
    const read = [...page.records.map(({ id }) => id), ...odd, ...(step.gone ?? [])];
    await takeUp(
      tx,
      run.id,
      read.filter((theirId) => !closing.has(theirId)),
    );
  }
  const rows = work.closers.map((closer) => ({ ...closer, ...of, confirmed: source !== 'list' }));
  await putClosingsAside(tx, run.id, rows);
  await forgetRefusals(tx, of, work.outlived);
  if (source === 'list' && readsWhole(walk)) {
    const theirIds = [
      ...page.records.map((row) => row.id),
      ...page.surprises.flatMap((surprise) => surprise.theirId ?? []),
    ];
    await noteSeen(tx, { id: parts.newId(), runId: run.id, theirIds });
  }
  await advanceRun(tx, run.id, { counts: countsOf(work), standing, now });
}

const newAgreement = (row: Work['news'][number], versions: Map<string, number>): Agreement => ({
  ourId: row.write.ourId,
  theirId: row.theirs.id,
  base: row.write.values,
  held: {},
  theirRevision: row.theirs.revision,
  agreedVersion: versions.get(row.write.ourId)!,
});

const oldAgreement = (row: Work['changed'][number], versions: Map<string, number>) => ({
  link: row.link,
  agreement: {
    ourId: row.link.ourId,
    theirId: row.theirs.id,
    base: row.made.base,
    held: row.made.held,
    theirRevision: row.theirs.revision,
    agreedVersion: row.write ? versions.get(row.write.ourId)! : row.link.agreedVersion,
  },
});

function changesOf(work: Work, versions: Map<string, number>): Change[] {
  const change = (
    action: 'created' | 'updated',
    row: { theirs: TheirRecord; write: Write; before: Values | null; made?: Plan },
  ): Change => ({
    ourId: row.write.ourId,
    theirId: row.theirs.id,
    direction: 'in',
    action,
    fields: changesFrom(row.before, row.write.values, row.made?.why),
    version: versions.get(row.write.ourId)!,
  });
  const created = work.news.map((row) => change('created', { ...row, before: null }));
  const updated = work.changed.flatMap(({ write, ...row }) =>
    write
      ? [
          {
            ...change('updated', { ...row, write }),
            moved: { changedAt: row.theirs.changedAt, agreedAt: row.link.updatedAt },
          },
        ]
      : [],
  );
  return [...created, ...updated];
}

async function noteSurprise(
  parts: Parts,
  tx: Tx,
  {
    of,
    run,
    surprise,
  }: { of: ReturnType<typeof placeOf>; run: Run; surprise: Page['surprises'][number] },
): Promise<void> {
  await noteFailure(
    tx,
    {
      ...of,
      ourId: null,
      theirId: surprise.theirId ?? `run ${run.id}`,
      runId: run.id,
      step: 'decode',
      failure: { kind: 'surprising', path: surprise.path, detail: surprise.detail },
    },
    parts,
  );
}
