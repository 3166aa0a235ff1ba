import type { Failure } from '#src/platform/failure.ts';
import type { Door } from './activity.ts';
import { notedWhenSent, noteSettling } from './beforeSending.ts';
import type { Outgoing } from './connector.ts';
import { type Created, keep, placeOf, saysNo } from './createTheirs.ts';
import type { Link } from './links.ts';
import type { Parts, Workplace } from './parts.ts';

/**
 * Brings our record to a provider where nothing can be looked for: at most once. That it is about to
 * be sent is written down before it is; from then on only an answer that says yes or no, or a
 * person, ends the doubt. It is never sent again by itself, whatever fails and whenever. [I3] [F4]
 */
export async function createOnce(
  parts: Parts,
  place: Workplace,
  outgoing: Outgoing,
  { pending, door }: { pending: Link | null; door: Door },
): Promise<Created> {
  const { resource, connector, call } = place;
  const of = { ...placeOf(place), ourId: outgoing.ourId };
  if (isUnanswered(pending)) {
    const detail = 'KiEX was stopped before an answer came';
    return { kind: 'failed', step: 'unanswered', failure: doubtOf(connector.label, { detail }) };
  }
  const sending = notedWhenSent(parts, call, { ...of, intent: {}, settleSeconds: 0 });
  const made = await resource.create!(sending.call, { ...outgoing, intent: {} });
  if (made.ok) {
    if (!sending.sentAt()) throw new Error(`${resource.name} was sent before it was asked for`);
    return keep(parts, place, outgoing, {
      ...{ theirs: made.value, made: true, byUs: true, note: null, others: [] },
      door,
    });
  }
  if (!saysNo(made.failure)) {
    const failure = doubtOf(connector.label, wordsOf(made.failure));
    return { kind: 'failed', step: 'unanswered', failure };
  }
  if (sending.sentAt()) await noteSettling(parts.db, of, null);
  return { kind: 'failed', step: 'create', failure: made.failure };
}

/** Was it sent, and nobody knows what became of it? */
const isUnanswered = (pending: Link | null) =>
  Boolean(pending?.createSettlesAt && (!pending.theirId || pending.goneAt));

type Words = { detail: string; status?: number; requestId?: string };

function wordsOf(failure: Failure): Words {
  const { detail, requestId } = failure;
  const status = failure.kind === 'unreachable' ? failure.status : undefined;
  return { detail, ...(status ? { status } : {}), ...(requestId ? { requestId } : {}) };
}

const doubtOf = (them: string, { detail, ...about }: Words): Failure => ({
  kind: 'unreachable',
  detail: `It was sent, and KiEX cannot tell whether ${them} took it: ${detail.replace(/\.$/, '')}.`,
  mayBeDone: true,
  ...about,
});
