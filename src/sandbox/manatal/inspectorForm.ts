import type { Hono } from 'hono';
import { html } from 'hono/html';
import { table } from '../inspectorLayout.ts';
import { optionsOf, PLAIN_QUESTIONS, RICH_QUESTIONS } from './formQuestions.ts';
import { accountHref, accountIn, crumbs, render, seeOther } from './inspectorPages.ts';
import type { AccountRow, QuestionRow } from './rows.ts';
import type { SimulatorBehindInspector } from './simulator.ts';

const BASE = '/admin/accounts/:account{[0-9]+}/form';

/** What the career page of an account asks of applicants, and two forms to choose from. */
export function addFormPages(app: Hono, simulator: SimulatorBehindInspector): void {
  app.get(BASE, (context) => {
    const account = accountIn(context, simulator);
    if (!account) return context.notFound();
    const body = formPage(account, simulator.questionsOf(account.id));
    return render(context, { title: `${account.label}: application form`, at: '', body });
  });
  app.post(`${BASE}/:kind{plain|rich}`, (context) => {
    const account = accountIn(context, simulator);
    if (!account) return context.notFound();
    const isRich = context.req.param('kind') === 'rich';
    simulator.askInstead(account.id, isRich ? RICH_QUESTIONS : PLAIN_QUESTIONS);
    return seeOther(context, accountHref(account.id, '/form'), 'asked');
  });
}

function formPage(account: AccountRow, questions: readonly QuestionRow[]) {
  const here = accountHref(account.id, '/form');
  return html`${crumbs(account)}<p>The career page is
<code data-testid="career-slug">${account.careerSlug}</code>: whoever knows this name can read its open jobs and
apply, without a key. These are the questions of its form; the API shows them in any order.</p>
${table({
  head: ['Question', 'Slug', 'Type', 'Shown as', 'Required', 'Choices'],
  rows: questions.map(
    (question) => html`<tr data-testid="question-${question.slug}"><td>${question.label}
<div class="small muted">${question.id}</div></td><td><code>${question.slug}</code></td><td>${question.type}</td>
<td>${question.display_type}</td><td>${question.is_required ? 'yes' : 'no'}</td>
<td>${
      optionsOf(question)
        ?.map(({ label }) => label)
        .join(', ') ?? '–'
    }</td></tr>`,
  ),
  empty: 'It asks nothing.',
})}
<form method="post" action="${here}/plain" class="row"><button data-testid="ask-plain">Ask the four plain questions</button></form>
<form method="post" action="${here}/rich" class="row"><button data-testid="ask-rich">Ask one question of every kind</button></form>`;
}
