import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** One simulator's inspector: its name and colour, so that nobody takes it for KiEX. */
export interface Inspector {
  name: string;
  /** Background of the header, dark enough for white text in both schemes. */
  color: string;
  links: { href: string; text: string }[];
}

export interface Page {
  title: string;
  /** The address of the page, to mark its link in the header. */
  at: string;
  body: Html;
  /** What was just done, after a form. */
  said?: string | null;
}

const STYLE = `
:root{--bg:#FBFAF7;--surface:#FFF;--ink:#14242B;--ink-2:#4A5B63;--muted:#5B6770;--line:#DFE3E0;
--ok:#1B7342;--warn:#85560A;--bad:#B3261E;--ok-t:#E6F4EC;--warn-t:#FFF3DA;--bad-t:#FDEBE9;--act:#5B3A78;--on-act:#FFF}
@media (prefers-color-scheme:dark){:root{--bg:#0E171B;--surface:#152227;--ink:#E8EEF0;--ink-2:#A9B8BE;--muted:#93A3AA;
--line:#26363D;--ok:#62CC90;--warn:#E5B454;--bad:#FF8A80;--ok-t:#14301F;--warn-t:#33260B;--bad-t:#3A1715;--act:#CDB1EA;--on-act:#24123A}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
header.top{color:#FFF;padding:12px 24px;display:flex;flex-wrap:wrap;gap:8px 24px;align-items:center}
header.top strong{font-size:17px}header.top small{opacity:.85}
header.top nav{display:flex;flex-wrap:wrap;gap:4px 16px;margin-left:auto}
header.top a{color:#FFF;text-decoration:none;padding:8px 4px}header.top a[aria-current]{border-bottom:2px solid #FFF}
main{max-width:1120px;margin:0 auto;padding:24px}
h1{font-size:27px;line-height:1.25;margin:0 0 16px}h2{font-size:21px;line-height:1.25;margin:32px 0 12px}
p{max-width:68ch;margin:8px 0}a{color:var(--act)}.muted{color:var(--muted)}.small{font-size:13px}
.card{background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:16px;margin:0 0 16px}
.cards{display:grid;gap:16px;grid-template-columns:repeat(auto-fill,minmax(280px,1fr))}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;background:var(--surface);border:1px solid var(--line)}
th,td{text-align:left;padding:8px 12px;border-bottom:1px solid var(--line);vertical-align:top}
th{font-size:13px;color:var(--ink-2);font-weight:600}td.n,th.n{text-align:right}code{font-size:13px;overflow-wrap:anywhere}
form.row{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin:0}
.grid{display:grid;gap:12px 16px;grid-template-columns:repeat(auto-fit,minmax(220px,1fr))}.wide{grid-column:1/-1}
label{display:block;font-size:13px;color:var(--ink-2)}label.check{display:flex;gap:8px;align-items:center;font-size:15px;color:var(--ink)}
input,select,textarea,button,a.button{font:inherit;color:inherit;border-radius:6px;border:1px solid var(--line);padding:8px 10px;min-height:40px}
input,select,textarea{background:var(--surface);width:100%;border-color:var(--muted)}
input[type=checkbox]{width:18px;height:18px;min-height:0;accent-color:var(--act)}
form.row input,form.row select{width:auto}textarea{min-height:180px}
button,a.button{background:var(--surface);cursor:pointer;text-decoration:none;display:inline-block}
button.main,a.main{background:var(--act);color:var(--on-act);border-color:var(--act)}button.bad{color:var(--bad);border-color:var(--bad)}
:focus-visible{outline:2px solid var(--act);outline-offset:2px}
time{white-space:nowrap}summary{padding:8px 0;cursor:pointer}
.tag{display:inline-block;border-radius:6px;padding:1px 8px;font-size:13px;background:var(--line);color:var(--ink)}
.tag.ok{background:var(--ok-t);color:var(--ok)}.tag.warn{background:var(--warn-t);color:var(--warn)}.tag.bad{background:var(--bad-t);color:var(--bad)}
.said,.problems{border-radius:8px;padding:12px 16px;margin:0 0 16px}.said{background:var(--ok-t);color:var(--ok)}
.problems{background:var(--bad-t);color:var(--bad)}.error{color:var(--bad);font-size:13px}
@media (max-width:600px){main{padding:16px}input,select,button,a.button{min-height:44px}}
`;

/** The frame around every page of an inspector. */
export function layout(inspector: Inspector, page: Page): Html {
  const link = ({ href, text }: { href: string; text: string }) =>
    html`<a href="${href}" ${page.at === href ? raw('aria-current="page"') : ''}>${text}</a>`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${page.title} · ${inspector.name}</title><link rel="icon" href="data:,"><style>${raw(STYLE)}</style></head>
<body><header class="top" style="background:${inspector.color}">
<div><strong>${inspector.name}</strong><br><small>Sandbox: not the real one. KiEX is the other tab.</small></div>
<nav aria-label="${inspector.name}">${inspector.links.map(link)}</nav></header>
<main><h1>${page.title}</h1>${page.said ? html`<p class="said" role="status">${page.said}</p>` : ''}
${page.body}</main></body></html>`;
}

/** A table, or the words that say why there is none. A page with several gives each a name. */
export function table(options: {
  head: string[];
  rows: Html[];
  empty: string;
  name?: string;
}): Html {
  if (options.rows.length === 0) return html`<p class="muted">${options.empty}</p>`;
  const name = options.name ?? 'Table';
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${name}"><table><thead><tr>
${options.head.map((text) => html`<th scope="col">${text}</th>`)}</tr></thead>
<tbody>${options.rows}</tbody></table></div>`;
}

export function tag(text: string, tone: 'ok' | 'warn' | 'bad' | '' = ''): Html {
  return html`<span class="tag ${tone}">${text}</span>`;
}

/** `2027-01-12 08:00:00 UTC`, short enough for a table. */
export function instant(iso: string | null): Html {
  if (!iso) return html`–`;
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`;
}

export interface FieldOptions {
  name: string;
  label: string;
  value: string;
  error?: string | undefined;
  hint?: string | undefined;
}

/** A labelled input with its error beside it. Its id and test id are its name. */
export function input(field: FieldOptions & { type?: string; wide?: boolean }): Html {
  const type = field.type ?? 'text';
  const step =
    type === 'datetime-local' ? raw('step="1"') : type === 'number' ? raw('step="any"') : '';
  return wrap(
    field,
    html`<input id="${field.name}" name="${field.name}" data-testid="${field.name}" type="${type}" ${step}
value="${field.value}" ${field.error ? raw('aria-invalid="true"') : ''}>`,
    field.wide,
  );
}

export function textarea(field: FieldOptions): Html {
  return wrap(
    field,
    html`<textarea id="${field.name}" name="${field.name}" data-testid="${field.name}">${field.value}</textarea>`,
    true,
  );
}

export function select(field: FieldOptions & { options: { value: string; text: string }[] }): Html {
  const option = ({ value, text }: { value: string; text: string }) =>
    html`<option value="${value}" ${value === field.value ? raw('selected') : ''}>${text}</option>`;
  return wrap(
    field,
    html`<select id="${field.name}" name="${field.name}" data-testid="${field.name}">
${field.options.map(option)}</select>`,
  );
}

export function checkbox(field: { name: string; label: string; checked: boolean }): Html {
  return html`<label class="check"><input type="checkbox" id="${field.name}" name="${field.name}"
data-testid="${field.name}" value="true" ${field.checked ? raw('checked') : ''}>${field.label}</label>`;
}

/** All problems of a form on top, each linking to its field. */
export function problems(errors: Record<string, string>): Html {
  const list = Object.entries(errors);
  if (list.length === 0) return html``;
  return html`<div class="problems" role="alert"><strong>This was not saved.</strong><ul>
${list.map(([name, text]) => html`<li><a href="#${name}">${name}</a>: ${text}</li>`)}</ul></div>`;
}

function wrap(field: FieldOptions, control: Html, wide = false): Html {
  return html`<div class="${wide ? 'wide' : ''}"><label for="${field.name}">${field.label}</label>${control}
${field.hint ? html`<div class="small muted">${field.hint}</div>` : ''}
${field.error ? html`<div class="error" id="${field.name}-error">${field.error}</div>` : ''}</div>`;
}
