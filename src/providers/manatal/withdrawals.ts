import { done, failed, type Result } from '#src/platform/failure.ts';
import {
  type CallContext,
  type Found,
  type Outgoing,
  type ResourceConnector,
  surprising,
  type TheirRecord,
} from '#src/sync/connector.ts';
import { isNotFound } from '../caller.ts';
import type { ManatalClient } from './client.ts';
import { idOf, isRow } from './reading.ts';
import { isDropped } from './stages.ts';

/** A withdrawal is no record there: the match that it closed, and which withdrawal it was. */
const recordOf = ({ ourId, refs }: Outgoing): TheirRecord => ({
  id: `${refs.applications}:${ourId}`,
  revision: null,
  changedAt: null,
  values: {},
  ourId,
  refs: {},
  keepOut: 'not a withdrawal of KiEX',
});

/**
 * Applications that a student took back: the match is dropped, once, after a look whether it is
 * still active. A drop says no reason there; the note does. reference/manatal.md 9.5
 */
export function manatalWithdrawals(client: ManatalClient): ResourceConnector {
  const path = ({ refs }: Outgoing) => `/matches/${refs.applications}/`;
  return {
    name: 'withdrawals',
    label: 'Withdrawals',
    fields: [],
    needs: ['applications'],
    find: (context, outgoing) => look(client, context, { outgoing, path: path(outgoing) }),
    async create(context, outgoing) {
      const { at } = outgoing.record;
      const body = {
        is_active: false,
        ...(at instanceof Date ? { dropped_at: at.toISOString() } : {}),
      };
      const answer = await client.call(context, { method: 'PATCH', path: path(outgoing), body });
      if (!answer.ok) return answer;
      // What answers in another shape may not have dropped anything: a person looks. [F1]
      const dropped = isRow(answer.value) && idOf(answer.value.id) && isDropped(answer.value);
      if (dropped) return done(recordOf(outgoing));
      return failed(surprising('is_active', 'the answer shows no match that is dropped'));
    },
  };
}

/** Is there anything left to drop? */
async function look(
  client: ManatalClient,
  context: CallContext,
  { outgoing, path }: { outgoing: Outgoing; path: string },
): Promise<Result<Found>> {
  const answer = await client.call(context, { method: 'GET', path });
  if (!answer.ok) {
    if (!isNotFound(answer.failure)) return failed(answer.failure);
    return done({ found: recordOf(outgoing), note: 'The match is not there any more.' });
  }
  if (!isRow(answer.value) || !idOf(answer.value.id))
    return failed(surprising('id', 'a match expected'));
  if (!isDropped(answer.value)) return done({ found: null });
  return done({ found: recordOf(outgoing), note: 'The match is dropped there.' });
}
