import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formOf, paged, searchBox } from '../inspectorFrame.ts';
import { type Html, instant, table } from '../inspectorLayout.ts';
import { matchTable } from './inspectorMatches.ts';
import { accountHref, accountIn, crumbs, render, seeOther } from './inspectorPages.ts';
import type { AccountRow, CandidateRow, ChildRow } from './rows.ts';
import type { SimulatorBehindInspector } from './simulator.ts';

const BASE = '/admin/accounts/:account{[0-9]+}';

/** Candidates, and the decisions on their matches. */
export function addPeoplePages(app: Hono, simulator: SimulatorBehindInspector): void {
  addDecisions(app, simulator);
  app.get(`${BASE}/candidates`, (context) => {
    const account = accountIn(context, simulator);
    return account ? listPage(context, simulator, account) : context.notFound();
  });
  app.get(`${BASE}/candidates/:id{[0-9]+}`, (context) => {
    const found = candidateIn(context, simulator);
    return found ? candidatePage(context, simulator, found) : context.notFound();
  });
  app.post(`${BASE}/candidates/:id{[0-9]+}/notes`, async (context) => {
    const found = candidateIn(context, simulator);
    if (!found) return context.notFound();
    const { info = '' } = await formOf(context);
    const { account, candidate } = found;
    const here = accountHref(account.id, `/candidates/${candidate.id}`);
    if (info.trim() === '') return context.redirect(here, 303);
    simulator.recruiter(account.id).addNote('candidates', candidate.id, info.trim());
    return seeOther(context, here, 'noted');
  });
  app.post(`${BASE}/candidates/:id{[0-9]+}/delete`, (context) => {
    const found = candidateIn(context, simulator);
    if (!found) return context.notFound();
    simulator.recruiter(found.account.id).remove('candidates', found.candidate.id);
    return seeOther(context, accountHref(found.account.id, '/candidates'), 'deleted');
  });
  app.get(`${BASE}/:kind{resumes|attachments}/:id{[0-9]+}`, (context) => {
    const account = accountIn(context, simulator);
    if (!account) return context.notFound();
    const kind = context.req.param('kind') as 'resumes' | 'attachments';
    const id = Number(context.req.param('id'));
    const row = simulator.rows(account.id, kind).find((file) => file.id === id);
    const bytes = row?.downloadedAt ? simulator.file(account.id, kind, id) : null;
    if (!row || !bytes) return context.notFound();
    return context.body(new Uint8Array(bytes), 200, {
      'content-type': row.contentType ?? 'application/octet-stream',
      'content-disposition': `attachment; filename="${kind}-${id}.${row.extension}"`,
      'x-content-type-options': 'nosniff',
    });
  });
}

function addDecisions(app: Hono, simulator: SimulatorBehindInspector): void {
  const path = `${BASE}/matches/:id{[0-9]+}/:verb{move|drop|undrop|hire}`;
  const said = { move: 'moved', drop: 'dropped', undrop: 'undropped', hire: 'hired' } as const;
  app.post(path, async (context) => {
    const account = accountIn(context, simulator);
    if (!account) return context.notFound();
    const form = await formOf(context);
    const id = Number(context.req.param('id'));
    const verb = context.req.param('verb') as keyof typeof said;
    const recruiter = simulator.recruiter(account.id);
    const done = verb === 'move' ? recruiter.move(id, Number(form.stage)) : recruiter[verb](id);
    if (!done.ok) return context.text(JSON.stringify(done.body), done.status);
    // Only our own pages may be returned to.
    const back = form.back?.startsWith('/admin/')
      ? form.back
      : `/admin/accounts/${account.id}/jobs`;
    return seeOther(context, back, said[verb]);
  });
}

function candidateIn(context: Context, simulator: SimulatorBehindInspector) {
  const account = accountIn(context, simulator);
  const id = Number(context.req.param('id'));
  const candidate =
    account && simulator.rows(account.id, 'candidates').find((row) => row.id === id);
  return account && candidate ? { account, candidate } : null;
}

function listPage(context: Context, simulator: SimulatorBehindInspector, account: AccountRow) {
  const q = (context.req.query('q') ?? '').toLowerCase();
  const fits = (row: CandidateRow) => `${row.full_name} ${row.email}`.toLowerCase().includes(q);
  const found = simulator.rows(account.id, 'candidates').filter(fits).reverse();
  const { rows, links } = paged(context, found);
  const body = html`${crumbs(account)}${searchBox(context, 'Name or e-mail')}${links}${table({
    head: ['Name', 'E-mail', 'Source', 'Added (UTC)'],
    rows: rows.map(
      (
        row,
      ) => html`<tr><td><a href="${accountHref(account.id, `/candidates/${row.id}`)}">${row.full_name}</a></td>
<td>${row.email ?? '–'}</td><td>${row.source_other ?? row.source_type}</td><td>${instant(row.created_at)}</td></tr>`,
    ),
    empty: 'No candidates. They come with applications.',
  })}`;
  return render(context, { title: `${account.label}: candidates`, at: '', body });
}

function candidatePage(
  context: Context,
  simulator: SimulatorBehindInspector,
  found: { account: AccountRow; candidate: CandidateRow },
) {
  const { account, candidate } = found;
  const here = accountHref(account.id, `/candidates/${candidate.id}`);
  const matches = simulator
    .rows(account.id, 'matches')
    .filter((row) => row.candidate === candidate.id);
  const parents = new Set([
    `candidates/${candidate.id}`,
    ...matches.map(({ id }) => `matches/${id}`),
  ]);
  const notes = simulator.rows(account.id, 'notes').filter(({ parent }) => parents.has(parent));
  const body = html`${crumbs(account)}<div class="card">${facts(candidate)}
${files(simulator, account, parents)}</div><h2>Jobs</h2>
${matchTable(simulator, account, { matches, back: here })}<h2>Notes</h2>${notes.map(showNote)}
<form method="post" action="${here}/notes" class="card"><label for="info">New note</label>
<textarea id="info" name="info" data-testid="note" style="min-height:80px"></textarea>
<p><button data-testid="add-note">Keep the note</button></p></form>
<form method="post" action="${here}/delete"><button class="bad" data-testid="delete-candidate">Delete the candidate</button></form>`;
  return render(context, { title: candidate.full_name, at: '', body });
}

/** Shown as text: a note may hold any HTML, and this page runs none of it. */
function showNote(note: ChildRow): Html {
  return html`<div class="card" data-testid="note-${note.id}"><div class="small muted">${instant(note.created_at)} on
${note.parent}</div>${String(note.info)}</div>`;
}

const FACTS = [
  'email',
  'phone_number',
  'address',
  'source_type',
  'source_other',
  'external_id',
  'consent',
  'consent_date',
  'latest_university',
  'latest_degree',
  'description',
] as const;

function facts(candidate: CandidateRow): Html {
  const present = FACTS.filter((name) => candidate[name] !== null);
  return html`<table style="border:0">${present.map(
    (name) =>
      html`<tr><th scope="row">${name.replaceAll('_', ' ')}</th><td style="overflow-wrap:anywhere">${String(candidate[name])}</td></tr>`,
  )}</table>`;
}

function files(
  simulator: SimulatorBehindInspector,
  account: AccountRow,
  parents: Set<string>,
): Html {
  const of = (kind: 'resumes' | 'attachments') =>
    simulator
      .rows(account.id, kind)
      .filter((row) => parents.has(row.parent))
      .map((row) => {
        const name = row.name ?? 'Resume';
        if (!row.downloadedAt)
          return html`<p>${name}: waiting to be fetched, ${instant(row.downloadAt)} UTC</p>`;
        return html`<p><a href="${accountHref(account.id, `/${kind}/${row.id}`)}" data-testid="${kind}-${row.id}">${name}</a>
<span class="small muted">${row.extension}, fetched ${instant(row.downloadedAt)} UTC</span></p>`;
      });
  const shown = [...of('resumes'), ...of('attachments')];
  return shown.length > 0
    ? html`${shown}`
    : html`<p class="muted">No resume and no attachments.</p>`;
}
