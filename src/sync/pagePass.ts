import type { Tx } from '#src/platform/database.ts';
import type { Result } from '#src/platform/failure.ts';
import { type ActivityLine, record } from './activity.ts';
import type { Page, TheirRecord } from './connector.ts';
import { placeOf } from './createTheirs.ts';
import { noteFailure, resolveFailures } from './deadLetters.ts';
import { type Agreement, addLinks, agreeLinks } from './links.ts';
import { handOverAll, type Work, workOut } from './pageWork.ts';
import type { Parts, Workplace } from './parts.ts';
import { type PassOther, writeContextOf } from './passed.ts';
import { advanceRun, noteSeen, type Run } from './runs.ts';

/** A page whose links moved on under us is worked out anew this often, then row by row. */
const triesMax = 3;

/**
 * The corridor for one page: read up to 100 of theirs in one call, load their links and our rows in
 * one query each, plan in memory, write in a handful of statements, one transaction with the run's
 * checkpoint. A page in which nothing changed writes nothing but the checkpoint. [M6] [F3]
 * Returns  records for the single-record corridor, which the caller rings.
 */
export async function passPage(
  parts: Parts,
  place: Workplace,
  step: { run: Run; page: Page; checkpoint: Record<string, unknown>; passOther: PassOther },
): Promise<Result<TheirRecord[]>> {
  for (let attempt = 1; ; attempt++) {
    const worked = await workOut(parts, place, step);
    if (!worked.ok) return worked;
    if (attempt === triesMax) handOverAll(worked.value);
    const stored = await store(parts, place, step, worked.value);
    if (stored) return { ok: true, value: worked.value.handOver };
  }
}

class MovedOn extends Error {}

/** One transaction: our rows, links, history, failures, the run's counts and its checkpoint. */
async function store(
  parts: Parts,
  place: Workplace,
  step: { run: Run; page: Page; checkpoint: Record<string, unknown> },
  work: Work,
): Promise<boolean> {
  const { run, page } = step;
  const of = placeOf(place);
  const now = parts.clock.now();
  const tools = { newId: parts.newId, now };
  try {
    await parts.db.transaction(async (tx) => {
      const context = writeContextOf(place, now);
      const writes = [...work.news, ...work.changed].flatMap((row) =>
        row.write ? [row.write] : [],
      );
      const versions =
        writes.length > 0
          ? await place.synced.write!(tx, context, writes)
          : new Map<string, number>();
      if (versions.size < writes.length) throw new MovedOn();
      const added = await addLinks(
        tx,
        of,
        work.news.map((row) => newAgreement(row, versions)),
        tools,
      );
      const agreed = await agreeLinks(
        tx,
        work.changed.map((row) => oldAgreement(row, versions)),
        now,
      );
      if (added.size < work.news.length || agreed.size < work.changed.length) throw new MovedOn();
      await record(tx, linesOf(place, run, work), tools);
      for (const surprise of page.surprises) await noteSurprise(parts, tx, { of, run, surprise });
      // What is handed over is not settled yet: its own corridor says when it is.
      const waiting = new Set(work.handOver.map((row) => row.id));
      const settled = page.records.filter((row) => !waiting.has(row.id));
      const keys = settled.map((row) => `their:${row.id}`);
      await resolveFailures(tx, { ...of, keys }, now);
      if (run.kind !== 'poll') {
        const theirIds = [
          ...page.records.map((row) => row.id),
          ...page.surprises.flatMap((surprise) => surprise.theirId ?? []),
        ];
        await noteSeen(tx, { id: parts.newId(), runId: run.id, theirIds });
      }
      await advanceRun(tx, run.id, {
        counts: work.counts,
        checkpoint: step.checkpoint,
        expected: page.total,
        now,
      });
      await parts.live.publish('runs', tx);
      if (writes.length > 0) await parts.live.publish('activity', tx);
    });
  } catch (error) {
    if (error instanceof MovedOn) return false;
    throw error;
  }
  const written = [...work.news, ...work.changed].flatMap((row) =>
    row.write ? [row.write.ourId] : [],
  );
  if (written.length > 0 && place.synced.topics) {
    for (const topic of await place.synced.topics(parts.db, written))
      await parts.live.publish(topic);
  }
  return true;
}

const newAgreement = (row: Work['news'][number], versions: Map<string, number>): Agreement => ({
  ourId: row.write.ourId,
  theirId: row.theirs.id,
  base: row.theirs.values,
  theirRevision: row.theirs.revision,
  agreedVersion: versions.get(row.write.ourId)!,
});

const oldAgreement = (row: Work['changed'][number], versions: Map<string, number>) => ({
  link: row.link,
  agreement: {
    ourId: row.link.ourId,
    theirId: row.theirs.id,
    base: row.base,
    theirRevision: row.theirs.revision,
    agreedVersion: row.write ? versions.get(row.write.ourId)! : row.link.agreedVersion,
  },
});

function linesOf(place: Workplace, run: Run, work: Work): ActivityLine[] {
  const shared = {
    ...placeOf(place),
    runId: run.id,
    door: run.trigger === 'schedule' ? ('poll' as const) : ('manual' as const),
    direction: 'in' as const,
    ok: true,
  };
  const created = work.news.map(({ theirs, write }) => ({
    ...shared,
    ourId: write.ourId,
    theirId: theirs.id,
    action: 'created',
  }));
  const updated = work.changed.flatMap(({ theirs, write }) =>
    write
      ? [
          {
            ...shared,
            ourId: write.ourId,
            theirId: theirs.id,
            action: 'updated',
            fields: Object.keys(write.values),
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
