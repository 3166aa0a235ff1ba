import { html, raw } from 'hono/html';
import { type Html, input, instant, problems, table, tag } from '../inspectorLayout.ts';
import { accountHref } from './inspectorPages.ts';
import { byRank } from './matches.ts';
import type { AccountRow, MatchRow } from './rows.ts';
import type { SimulatorBehindInspector } from './simulator.ts';

/** The candidates of a job, or the jobs of a candidate, with what a recruiter does to them. */
export function matchTable(
  simulator: SimulatorBehindInspector,
  account: AccountRow,
  shown: { matches: readonly MatchRow[]; back: string },
): Html {
  return table({
    head: ['Candidate', 'Job', 'State', 'Stage', 'Decide'],
    rows: shown.matches.map((match) => matchRow(simulator, account, match, shown.back)),
    empty: 'Nobody yet. An application from KiEX or the career page appears here.',
  });
}

function matchRow(
  simulator: SimulatorBehindInspector,
  account: AccountRow,
  match: MatchRow,
  back: string,
): Html {
  const find = <Row extends { id: number }>(rows: readonly Row[], id: number) =>
    rows.find((row) => row.id === id);
  const candidate = find(simulator.rows(account.id, 'candidates'), match.candidate);
  const job = find(simulator.rows(account.id, 'jobs'), match.job);
  const pipeline = find(simulator.rows(account.id, 'pipelines'), match.pipeline);
  const stages = pipeline ? byRank(pipeline) : [];
  const act = accountHref(account.id, `/matches/${match.id}`);
  const returning = html`<input type="hidden" name="back" value="${back}">`;
  const button = (verb: string, text: string, tone = '') =>
    html`<form method="post" action="${act}/${verb}">${returning}
<button class="${tone}" data-testid="${verb}-${match.id}">${text}</button></form>`;

  return html`<tr data-testid="match-${match.id}"><td>
<a href="${accountHref(account.id, `/candidates/${match.candidate}`)}">${candidate?.full_name ?? match.candidate}</a>
<div class="small muted">${match.creator === null ? 'career page' : 'added by a user or the API'}, ${instant(match.created_at)}</div></td>
<td><a href="${accountHref(account.id, `/jobs/${match.job}`)}">${job?.position_name ?? match.job}</a></td>
<td>${stateTag(match)}</td>
<td><form class="row" method="post" action="${act}/move">${returning}
<select name="stage" aria-label="Stage" data-testid="stage-${match.id}">${stages.map(
    (stage) =>
      html`<option value="${stage.id}" ${stage.id === match.stage ? raw('selected') : ''}>${stage.name}</option>`,
  )}</select><button data-testid="move-${match.id}">Move</button></form></td>
<td><div class="row" style="display:flex;gap:8px">${match.hired_at ? '' : button('hire', 'Hire', 'main')}
${match.is_active ? button('drop', 'Drop', 'bad') : button('undrop', 'Take back')}</div></td></tr>`;
}

function stateTag(match: MatchRow): Html {
  if (!match.is_active || match.dropped_at) return tag('dropped', 'bad');
  return match.hired_at ? tag('hired', 'ok') : tag('active');
}

/** Lets a person apply as the public would. */
export function applicantForm(
  here: string,
  typed: Record<string, string>,
  errors: Record<string, string>,
): Html {
  const at = (name: string, label: string) =>
    input({ name, label, value: typed[name] ?? '', error: errors[name] });
  return html`<details ${Object.keys(errors).length > 0 ? raw('open') : ''}><summary>Apply as someone from the career page</summary>
<form method="post" action="${here}/applicants" class="card">${problems(errors)}<div class="grid">
${at('full_name', 'Full name')}${at('email', 'E-mail')}${at('phone_number', 'Phone')}</div>
<p><button data-testid="apply">Apply</button></p></form></details>`;
}
