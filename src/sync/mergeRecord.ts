import { asItStands } from './asItStands.ts';
import { noteSent } from './beforeSending.ts';
import { foundIn } from './conflicts.ts';
import type { Outgoing, TheirRecord } from './connector.ts';
import type { Created } from './createTheirs.ts';
import { canonicalOurs } from './fields.ts';
import { mergeIntended } from './intended.ts';
import { agreeLinks, agreesWith, type Link } from './links.ts';
import { fieldsOf, planFor, tendedIn } from './mapping.ts';
import type { Parts, RecordTask, Workplace } from './parts.ts';
import {
  causeOf,
  failedAt,
  notAgreed,
  type Passed,
  settleFailures,
  topicsOf,
  writeContextOf,
} from './passed.ts';
import type { Plan } from './plan.ts';
import { type Change, changesFrom, remember } from './remember.ts';
import type { OurRecord } from './synced.ts';
import { seenOf, tellSeen } from './tellSeen.ts';
import { withWorkedOut } from './workedOut.ts';

type Sent = Created & { kind: 'linked' };

/** Our record as a connector sends it. */
export function outgoingOf(
  place: Workplace,
  ours: OurRecord,
  { refs, link }: { refs: Record<string, string>; link: Link | null },
): Outgoing {
  return {
    ourId: ours.id,
    values: canonicalOurs(fieldsOf(place), ours.values),
    record: ours.values,
    refs,
    intent: link?.createIntent ?? null,
  };
}

/** Both sides are there: merge. */
export async function mergeRecord(
  parts: Parts,
  place: Workplace,
  task: RecordTask,
  record: { ours: OurRecord; theirs: TheirRecord; link: Link; sent?: Sent },
): Promise<Passed> {
  const { ours, link, sent } = record;
  let { theirs } = record;
  const made = planFor(place, { ours, theirs, link });
  // What follows a create was agreed to with it.
  const asks = place.consent && !sent;
  if (asks && !place.consent!(mergeIntended(place, { ours, theirs, made }))) return notAgreed;
  const changes = Object.keys(made.toThem);
  if (changes.length > 0) {
    const refs = theirs.refs;
    const outgoing = { ...outgoingOf(place, ours, { refs, link }), revision: theirs.revision };
    const now = asItStands(parts, place, ours);
    const tended = tendedIn(place, made.toThem);
    if (Object.keys(tended).length > 0) await noteSent(parts.db, link, tended);
    const answer = await place.resource.update!(now.place.call, theirs.id, made.toThem, outgoing);
    if (!answer.ok && now.hasMoved()) return { kind: 'again' };
    if (!answer.ok) return failedAt('update', answer.failure, ours.id, theirs.id);
    if (answer.value === 'moved on') return { kind: 'again' };
    theirs = { ...theirs, revision: answer.value.revision };
  }
  return agree(parts, place, task, { ours, read: record.theirs, theirs, link, made, sent });
}

/** A record whose plan was carried out there. */
interface Merged {
  ours: OurRecord;
  /** As it was read, before anything was sent. */
  read: TheirRecord;
  /** As it stands now. */
  theirs: TheirRecord;
  link: Link;
  made: Plan;
  sent?: Sent | undefined;
}

/** Writes our side and the agreement, all in one transaction; nothing at all when nothing moved. [M6] */
async function agree(
  parts: Parts,
  place: Workplace,
  task: RecordTask,
  state: Merged,
): Promise<Passed> {
  const { ours, read, link, made, sent } = state;
  const isOlder = isOlderThan(link, read);
  const theirs = isOlderThan(link, state.theirs)
    ? { ...state.theirs, revision: link.theirRevision }
    : state.theirs;
  const toUs = Object.keys(made.toUs);
  const same =
    agreesWith(link, { ...made, theirRevision: theirs.revision }) &&
    link.agreedVersion === ours.version &&
    !link.goneAt;
  const passed: Passed = {
    kind: 'done',
    action: 'unchanged',
    ourId: ours.id,
    linked: Boolean(sent),
  };
  const now = parts.clock.now();
  // What an old read shows, somebody has seen past already. [D3]
  const seen = isOlder ? [] : [seenOf(place, { ours, theirs: read, made })];
  if (same && !sent) {
    await tellSeen(parts.db, place, seen, now);
    await settleFailures(parts, place, { ourId: ours.id, theirId: theirs.id });
    return passed;
  }
  const topics = toUs.length > 0 || sent ? await topicsOf(parts, place, ours.id) : [];
  const stored = await parts.db
    .transaction(async (tx) => {
      let version = ours.version;
      if (toUs.length > 0) {
        const context = writeContextOf(place, now);
        const write = { ourId: ours.id, version: ours.version, values: made.toUs, refs: {} };
        const written = await place.synced.write!(tx, context, [write]);
        if (!written.has(ours.id)) return false;
        version = written.get(ours.id)!;
      }
      const agreement = {
        ourId: ours.id,
        theirId: theirs.id,
        base: made.base,
        held: made.held,
        theirRevision: theirs.revision,
        agreedVersion: version,
      };
      const kept = await agreeLinks(tx, [{ link, agreement }], now);
      if (kept.size === 0) throw new MovedOn();
      const before = new Map([[ours.id, ours.values]]);
      const changes = await withWorkedOut(tx, place, changesOf(place, state, version), before);
      const found = [foundIn({ link, theirId: theirs.id, made })];
      await remember(tx, parts, place, { cause: causeOf(task), changes, found, now });
      await tellSeen(tx, place, seen, now);
      for (const topic of topics) await parts.live.publish(topic, tx);
      return true;
    })
    .catch(movedOn);
  if (!stored) return { kind: 'again' };
  await settleFailures(parts, place, { ourId: ours.id, theirId: theirs.id });
  return { ...passed, action: sent ? (sent.made ? 'sent' : 'linked') : 'updated' };
}

/** Was it read from before what the link knows? An old answer may come to any read. */
const isOlderThan = ({ theirRevision }: Link, { revision }: TheirRecord) =>
  revision !== null && theirRevision !== null && revision < theirRevision;

/** Thrown inside a transaction to take it back when the link was written by somebody else meanwhile. */
class MovedOn extends Error {}

function movedOn(error: unknown): false {
  if (error instanceof MovedOn) return false;
  throw error;
}

/** What was done on each side: theirs first, since it was. */
function changesOf(place: Workplace, state: Merged, version: number): Change[] {
  const { ours, theirs, made, sent } = state;
  const shared = { ourId: ours.id, theirId: theirs.id, version };
  const mine = canonicalOurs(fieldsOf(place), ours.values);
  const changes: Change[] = [];
  if (sent) {
    changes.push({
      ...shared,
      direction: 'out',
      action: sent.made ? 'sent' : 'linked',
      fields: sent.made ? changesFrom(null, mine) : {},
      detail: sent.note,
    });
  }
  if (Object.keys(made.toThem).length > 0) {
    const fields = changesFrom(state.read.values, made.toThem, made.why);
    changes.push({ ...shared, direction: 'out', action: 'updated', fields });
  }
  if (Object.keys(made.toUs).length > 0) {
    const fields = changesFrom(mine, made.toUs, made.why);
    const moved = { changedAt: state.read.changedAt, agreedAt: state.link.updatedAt };
    changes.push({ ...shared, direction: 'in', action: 'updated', fields, moved });
  }
  return changes;
}
