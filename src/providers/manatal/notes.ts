import { done, type Result } from '#src/platform/failure.ts';
import { htmlOfText, plainText } from '#src/platform/html.ts';
import type {
  CallContext,
  Found,
  Outgoing,
  ResourceConnector,
  TheirRecord,
} from '#src/sync/connector.ts';
import { surprising } from '#src/sync/connector.ts';
import type { ManatalClient } from './client.ts';
import { idOf, isRow, listedRows } from './reading.ts';

const recordOf = (id: string): TheirRecord => ({
  id,
  revision: null,
  changedAt: null,
  values: {},
  ourId: null,
  refs: {},
  keepOut: 'not a note of KiEX',
});

/** Whose words these are, or what happened: by the kind of note. */
const headings: Readonly<Record<string, (at: string) => string>> = {
  cover: () => 'Note from the applicant, sent with KiEX:',
  first: () => 'Note from the applicant, sent with KiEX:',
  withdrawn: (at) => `The applicant withdrew this application in KiEX ${at}.`,
  again: (at) => `The applicant sent this application again with KiEX ${at}.`,
};

/**
 * The note as it stands in Manatal: HTML, with a line that says whose words these are. What happened
 * more than once tells when, so that a second look knows each note by its words.
 */
function infoOf({ ourId, record }: Outgoing): string {
  const heading = headings[String(record.kind ?? 'cover')] ?? headings.cover!;
  const day = record.at instanceof Date ? record.at.toISOString().slice(0, 16) : '';
  const at = `on ${day.replace('T', ' at ')} UTC (${ourId.slice(-8)})`;
  const words = record.note ? htmlOfText(String(record.note)) : '';
  return `<p>${heading(at)}</p>${words}`;
}

/** Notes on the match, each made once and recognised by its words. reference/manatal.md 8.4 */
export function manatalNotes(client: ManatalClient): ResourceConnector {
  const pathOf = ({ refs }: Outgoing) => `/matches/${refs.applications}/notes/`;
  return {
    name: 'notes',
    label: 'Notes',
    fields: [],
    needs: ['applications'],
    find: (context, outgoing) => findNote(client, context, { outgoing, path: pathOf(outgoing) }),
    async create(context, outgoing) {
      const body = { info: infoOf(outgoing) };
      const answer = await client.call(context, { method: 'POST', path: pathOf(outgoing), body });
      if (!answer.ok) return answer;
      const id = isRow(answer.value) ? idOf(answer.value.id) : null;
      if (id) return done(recordOf(id));
      return { ok: false, failure: surprising('id', 'the answer names no note') };
    },
  };
}

/** Notes have no external id: the one with the same words is ours. */
async function findNote(
  client: ManatalClient,
  context: CallContext,
  { outgoing, path }: { outgoing: Outgoing; path: string },
): Promise<Result<Found>> {
  const answer = await client.call(context, { method: 'GET', path, query: { page_size: 100 } });
  if (!answer.ok) return answer;
  const words = plainText(infoOf(outgoing));
  const listed = listedRows(answer.value);
  if (!listed.ok) return listed;
  const row = listed.value.find(
    (note) => typeof note.info === 'string' && plainText(note.info) === words,
  );
  const id = row && idOf(row.id);
  return done(id ? { found: recordOf(id) } : { found: null });
}
