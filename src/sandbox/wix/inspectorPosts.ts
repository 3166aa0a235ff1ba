import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { type Form, formOf, paged } from '../inspectorFrame.ts';
import {
  type Html,
  input,
  instant,
  problems,
  select,
  table,
  tag,
  textarea,
} from '../inspectorLayout.ts';
import { attempt, crumbs, FRAME, SITE_PATH, siteHref, siteIn } from './inspectorPages.ts';
import { hasCover } from './postContent.ts';
import { ricosOf, textOf } from './ricos.ts';
import type { DraftRow } from './rows.ts';
import type { SimulatorBehindInspector } from './simulator.ts';
import type { Fields, SiteRow } from './siteRows.ts';

/** The blog as its editor sees it: write, edit, publish, take offline, delete. */
export function addPostPages(app: Hono, simulator: SimulatorBehindInspector): void {
  app.get(`${SITE_PATH}/posts`, (context) => {
    const site = siteIn(context, simulator);
    return site ? listPage(context, simulator, site) : context.notFound();
  });
  app.get(`${SITE_PATH}/posts/new`, (context) => {
    const site = siteIn(context, simulator);
    return site ? editPage(context, simulator, { site, row: null }) : context.notFound();
  });
  app.post(`${SITE_PATH}/posts/new`, async (context) => {
    const site = siteIn(context, simulator);
    if (!site) return context.notFound();
    const typed = await formOf(context);
    const publishes = typed.verb === 'publish';
    const editor = simulator.editor(site.id);
    const result = attempt(() => editor.writesPost(contentOf(typed, null), publishes));
    if (!result.ok) {
      return editPage(context, simulator, { site, row: null, typed, errors: result.errors });
    }
    const said = publishes ? 'published' : 'written';
    return FRAME.seeOther(context, siteHref(site, `/posts/${result.done.id}`), said);
  });
  app.get(`${SITE_PATH}/posts/:id`, (context) => {
    const found = postIn(context, simulator);
    return found ? editPage(context, simulator, found) : context.notFound();
  });
  app.post(`${SITE_PATH}/posts/:id`, (context) => change(context, simulator));
}

const SAID = {
  save: 'saved',
  publish: 'published',
  unpublish: 'unpublished',
  delete: 'deleted',
} as const;

/** One form, several buttons: `verb` says which was pressed. */
async function change(context: Context, simulator: SimulatorBehindInspector): Promise<Response> {
  const found = postIn(context, simulator);
  if (!found) return context.notFound();
  const { site, row } = found;
  const typed = await formOf(context);
  const editor = simulator.editor(site.id);
  const verb = (typed.verb ?? 'save') as keyof typeof SAID;
  const result = attempt(() => {
    if (verb === 'unpublish') return editor.unpublishes(row.id);
    if (verb === 'delete') return editor.deletesPost(row.id);
    return editor.editsPost(row.id, contentOf(typed, row), verb === 'publish');
  });
  if (!result.ok) return editPage(context, simulator, { ...found, typed, errors: result.errors });
  const href = verb === 'delete' ? '/posts' : `/posts/${row.id}`;
  return FRAME.seeOther(context, siteHref(site, href), SAID[verb] ?? 'saved');
}

function postIn(context: Context, simulator: SimulatorBehindInspector) {
  const site = siteIn(context, simulator);
  const id = context.req.param('id');
  const row = site && simulator.rows(site.id, 'drafts').find((one) => one.id === id);
  return site && row && row.status !== 'DELETED' ? { site, row } : null;
}

/** Text that was not touched keeps its formatting; touched, it becomes plain paragraphs. */
function contentOf(typed: Form, row: DraftRow | null): Fields {
  const { title = '', text = '', excerpt = '', seoSlug = '', memberId = '' } = typed;
  const lines = text.replaceAll('\r\n', '\n').trim();
  const isTouched = lines !== textOf(row?.content.richContent).trim();
  return {
    title,
    memberId,
    excerpt: excerpt.trim() || null,
    ...(seoSlug.trim() ? { seoSlug: seoSlug.trim() } : {}),
    ...(isTouched ? { richContent: ricosOf(lines) } : {}),
  };
}

function stateOf(row: DraftRow): Html {
  const tone = row.status === 'PUBLISHED' ? 'ok' : 'warn';
  return html`${tag(row.status, tone)} ${row.hasUnpublishedChanges ? tag('changes not public', 'warn') : ''}`;
}

function listPage(context: Context, simulator: SimulatorBehindInspector, site: SiteRow) {
  const kept = simulator.rows(site.id, 'drafts').filter(({ status }) => status !== 'DELETED');
  const { rows, links } = paged(context, [...kept].reverse());
  const body = html`${crumbs(site)}
<p><a class="button main" href="${siteHref(site, '/posts/new')}" data-testid="new-post">Write a post</a></p>
${links}${table({
  head: ['Title', 'Status', 'Address', 'Edited (UTC)'],
  rows: rows.map(
    (row) => html`<tr data-testid="post-${row.id}">
<td><a href="${siteHref(site, `/posts/${row.id}`)}">${row.content.title ?? 'Untitled'}</a></td>
<td>${stateOf(row)}</td><td><code>/post/${row.content.seoSlug}</code></td>
<td>${instant(row.editedDate)}</td></tr>`,
  ),
  empty: 'No posts. KiEX publishes jobs here; or write one yourself.',
})}`;
  return FRAME.render(context, { title: `${site.name}: blog`, at: '', body });
}

function editPage(
  context: Context,
  simulator: SimulatorBehindInspector,
  given: { site: SiteRow; row: DraftRow | null; typed?: Form; errors?: Form },
) {
  const { site, row, errors = {} } = given;
  const members = simulator.rows(site.id, 'members');
  const content = row?.content;
  const typed: Form = given.typed ?? {
    title: content?.title ?? '',
    excerpt: content?.excerpt ?? '',
    seoSlug: content?.seoSlug ?? '',
    memberId: content?.memberId ?? members[0]?.id ?? '',
    text: textOf(content?.richContent),
  };
  const at = (name: string, label: string) => ({
    ...{ name, label, value: typed[name] ?? '', error: errors[name] },
  });
  const authors = members.map(({ id, profile }) => ({ value: id, text: profile.nickname }));
  const body = html`${crumbs(site)}${problems(errors)}${row ? publicPart(simulator, site, row) : ''}
<form method="post" action="${siteHref(site, `/posts/${row?.id ?? 'new'}`)}" class="card"><div class="grid">
${input({ ...at('title', 'Title'), wide: true })}
${select({
  ...at('memberId', 'Author'),
  options: authors,
  hint: authors.length === 0 ? 'Nobody is a member yet; an author must be one.' : undefined,
})}
${input({ ...at('seoSlug', 'Address'), hint: 'Empty: made from the title.' })}
${input({ ...at('excerpt', 'Excerpt'), wide: true })}${textarea(at('text', 'Text, one paragraph a line'))}</div>
<p style="display:flex;flex-wrap:wrap;gap:8px"><button class="main" name="verb" value="publish" data-testid="publish">Save and publish</button>
<button name="verb" value="save" data-testid="save-post">Save only</button>
${
  row
    ? html`<button name="verb" value="unpublish" data-testid="unpublish">Take offline</button>
<button class="bad" name="verb" value="delete" data-testid="delete-post">Delete</button>`
    : ''
}</p></form>`;
  const status = Object.keys(errors).length > 0 ? 400 : 200;
  const title = row ? (content?.title ?? 'Untitled') : 'New post';
  return FRAME.render(context, { title, at: '', body, status });
}

/** What visitors see, beside what the editor has. */
function publicPart(simulator: SimulatorBehindInspector, site: SiteRow, row: DraftRow): Html {
  const { published } = row;
  if (!published) return html`<p>${stateOf(row)} Visitors see nothing of it.</p>`;
  const cover = hasCover(simulator.core, site.id, published) ? 'with a cover' : 'without a cover';
  return html`<p>${stateOf(row)} <code>${site.url}/post/${published.seoSlug}</code></p>
<details class="card"><summary>What visitors see, ${cover}</summary><h2>${published.title ?? ''}</h2>
${textOf(published.richContent)
  .split('\n')
  .map((line) => html`<p>${line}</p>`)}</details>`;
}
