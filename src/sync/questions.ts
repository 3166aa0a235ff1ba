import type { Result } from '#src/platform/failure.ts';
import { allConnections, type Connection } from './connections.ts';
import type { Question } from './connector.ts';
import { blockedSeconds, workplaceOf } from './engine.ts';
import { linksByOurs } from './links.ts';
import type { Parts } from './parts.ts';

/** What is asked of a person before a record can be made at a provider. */
export type Asked =
  /** Nothing: what we know of the record is enough. */
  | { kind: 'nothing' }
  | { kind: 'asked'; questions: readonly Question[] }
  /** Nothing can be made there any more. */
  | { kind: 'gone' }
  /** They ask something, and cannot be read at the moment. */
  | { kind: 'unknown' };

export interface Questions {
  /**
   * What must be answered to make a record of this kind that refers to one of ours.
   *
   * through  the record of ours whose connection it would go over.
   */
  of(wanted: { resource: string; through: { resource: string; ourId: string } }): Promise<Asked>;
}

/** A form is changed by hand now and then: so long it is believed to be as it was. */
const freshSeconds = 300;
/** A person waits for the page. */
const patienceSeconds = 8;
/** Forms that are remembered; the oldest go first. */
const keptMax = 1_000;

interface Kept {
  asked: Asked;
  at: number;
}

/** Reads what providers ask, and remembers it for some minutes; longer while they do not answer. */
export function createQuestions(parts: Parts): Questions {
  const kept = new Map<string, Kept>();
  const underWay = new Map<string, Promise<Asked>>();

  async function read(key: string, of: Of): Promise<Asked> {
    const known = kept.get(key);
    const now = () => parts.clock.now().getTime();
    if (known && now() - known.at < freshSeconds * 1_000) return known.asked;
    const answer = await ask(parts, of);
    if (!answer?.ok) return known?.asked ?? { kind: 'unknown' };
    kept.delete(key);
    // It may be there again the next moment.
    if (answer.value === 'gone') return { kind: 'gone' };
    const asked: Asked = { kind: 'asked', questions: answer.value };
    kept.set(key, { asked, at: now() });
    const oldest = kept.keys().next().value;
    if (kept.size > keptMax && oldest !== undefined) kept.delete(oldest);
    return asked;
  }

  return {
    async of({ resource, through }) {
      for (const connection of await allConnections(parts.db)) {
        if (!asks(parts, connection, resource)) continue;
        const of = { connectionId: connection.id, resource: through.resource };
        const link = (await linksByOurs(parts.db, of, [through.ourId])).get(through.ourId);
        if (!link?.theirId || link.goneAt) continue;
        const refs = { [through.resource]: link.theirId };
        const key = `${connection.id} ${resource} ${link.theirId}`;
        const reading =
          underWay.get(key) ?? read(key, { connectionId: connection.id, resource, refs });
        underWay.set(key, reading);
        return reading.finally(() => underWay.delete(key));
      }
      return { kind: 'nothing' };
    },
  };
}

interface Of {
  connectionId: string;
  resource: string;
  refs: Record<string, string>;
}

const asks = (parts: Parts, { provider }: Connection, resource: string) =>
  parts.connectors.get(provider)?.resources.some((one) => one.name === resource && one.questions);

/** Null: not now, since the connection is held or the provider wants to be left alone. */
async function ask(
  parts: Parts,
  { connectionId, resource, refs }: Of,
): Promise<Result<Question[] | 'gone'> | null> {
  const place = await workplaceOf(parts, { connectionId, resource }, 'person');
  if (!place || (await blockedSeconds(parts, place)) > 0) return null;
  const answered = new AbortController();
  const late = new AbortController();
  const patience = parts.clock.sleep(patienceSeconds * 1_000, answered.signal);
  void patience.then(() => late.abort());
  try {
    return await place.resource.questions!({ ...place.call, signal: late.signal }, refs);
  } catch (error) {
    // Waiting in line for the quota was broken off by ourselves.
    if (late.signal.aborted) return null;
    throw error;
  } finally {
    answered.abort();
  }
}
