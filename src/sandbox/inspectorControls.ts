import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { Clock } from '#src/platform/clock.ts';
import type { FaultKind, Faults, KeptRule } from './faults.ts';
import { type Form, type Frame, formOf } from './inspectorFrame.ts';
import {
  checkbox,
  type Html,
  input,
  instant,
  problems,
  select,
  table,
  tag,
} from './inspectorLayout.ts';
import { readSettings, type SettingsOf, type SwitchTable } from './switchKinds.ts';

const HERE = '/admin/switches';

/** What of a simulator a person may set. */
export interface Controlled<Table extends SwitchTable, Own extends string> {
  clock: Clock;
  faults: Faults<Own>;
  switches(): SettingsOf<Table>;
  set(changed: Partial<SettingsOf<Table>>): void;
  shiftClock(milliseconds: number): void;
}

export interface ControlFrame<Table extends SwitchTable, Own extends string> extends Frame {
  table: Table;
  /** What each kind of fault does. */
  kinds: Record<FaultKind | Own, string>;
  /** The path a new fault starts with. */
  path: string;
  /** What the marks of confidence mean. */
  marks: string;
}

/** The clock, the faults in front of a simulator, and every uncertain behaviour. */
export function addControlPages<Table extends SwitchTable, Own extends string>(
  app: Hono,
  simulator: Controlled<Table, Own>,
  frame: ControlFrame<Table, Own>,
): void {
  const show = (context: Context, typed: Typed) => page(context, simulator, { frame, typed });
  app.get(HERE, (context) => show(context, {}));
  app.post(HERE, async (context) => {
    const form = await formOf(context);
    const { switches, problems: errors } = readSettings(frame.table, readForm(frame.table, form));
    if (Object.keys(errors).length > 0) return show(context, { form, errors });
    simulator.set(switches);
    return frame.seeOther(context, HERE, 'switched');
  });
  app.post('/admin/faults', async (context) => {
    const form = await formOf(context);
    const rule = readFault(form, frame);
    if (!rule.ok) return show(context, { fault: form, errors: { [rule.at]: rule.problem } });
    simulator.faults.add(rule.rule);
    return frame.seeOther(context, HERE, 'faulted');
  });
  app.post('/admin/faults/heal', (context) => {
    simulator.faults.heal();
    return frame.seeOther(context, HERE, 'healed');
  });
  app.post('/admin/clock', async (context) => {
    const { minutes = '' } = await formOf(context);
    const amount = Number(minutes);
    if (!(amount > 0 && amount <= MINUTES_MAX)) {
      const errors = { minutes: `Use a number of minutes up to ${MINUTES_MAX}.` };
      return show(context, { minutes, errors });
    }
    simulator.shiftClock(amount * 60_000);
    return frame.seeOther(context, HERE, 'shifted');
  });
}

/** A year: far enough for every time-out there is. */
const MINUTES_MAX = 525_600;

interface Typed {
  form?: Form;
  fault?: Form;
  minutes?: string;
  errors?: Record<string, string>;
}

function page<Table extends SwitchTable, Own extends string>(
  context: Context,
  simulator: Controlled<Table, Own>,
  { frame, typed }: { frame: ControlFrame<Table, Own>; typed: Typed },
) {
  const { errors = {} } = typed;
  const body = html`${problems(errors)}<h2>Clock</h2><form method="post" action="/admin/clock" class="row card">
<span>It is <span data-testid="clock">${instant(simulator.clock.now().toISOString())}</span> UTC here.</span>
<label for="minutes">Move forward, minutes</label><input id="minutes" name="minutes" value="${typed.minutes ?? '60'}" size="6">
<button data-testid="shift-clock">Move the clock</button></form>
<h2>Faults</h2>${faults(simulator, frame, { fault: typed.fault ?? {}, errors })}<h2>Switches</h2>
<p class="muted">Each starts as the reference recommends. Marks: ${frame.marks}</p>${switchForm(frame.table, simulator.switches(), { form: typed.form, errors })}`;
  const status = typed.errors ? 400 : 200;
  return frame.render(context, { title: 'Switches and clock', at: HERE, body, status });
}

function faults<Table extends SwitchTable, Own extends string>(
  simulator: Controlled<Table, Own>,
  frame: ControlFrame<Table, Own>,
  { fault: typed, errors }: { fault: Form; errors: Form },
): Html {
  const at = (name: string, label: string, initial: string) => ({
    name,
    label,
    value: typed[name] ?? initial,
    error: errors[name],
  });
  const kinds = Object.entries<string>(frame.kinds).map(([value, text]) => ({ value, text }));
  const methods = ['*', 'GET', 'POST', 'PATCH', 'DELETE'].map((value) => ({ value, text: value }));
  return html`${table({
    head: ['What', 'Where', 'When'],
    rows: simulator.faults.rules().map(
      (
        rule,
      ) => html`<tr><td>${tag(rule.kind, 'bad')}</td><td><code>${rule.method} ${rule.path}</code></td>
<td>${rule.next === null ? `chance ${rule.chance}` : `the next ${rule.next}`}</td></tr>`,
    ),
    empty: 'No faults: the network is sound.',
  })}<form method="post" action="/admin/faults" class="card"><div class="grid">
${select({ ...at('kind', 'What goes wrong', 'throttled'), options: kinds })}
${select({ ...at('method', 'Method', '*'), options: methods })}
${input({ ...at('path', 'Path', frame.path), hint: '* stands for anything.' })}
${input({ ...at('next', 'The next so many', '1'), hint: 'Empty: by chance.' })}
${input({ ...at('chance', 'Chance', '1'), hint: '0 to 1.' })}
${input(at('milliseconds', 'Milliseconds, when slow', '5000'))}
${input(at('seconds', 'Seconds, when throttled', '30'))}</div>
<p><button class="main" data-testid="add-fault">Put the fault in place</button></p></form>
<form method="post" action="/admin/faults/heal"><button data-testid="heal">End all faults</button></form>`;
}

type ReadFault<Own extends string> =
  | { ok: true; rule: Omit<KeptRule<Own>, 'id'> }
  | { ok: false; at: string; problem: string };

function readFault<Own extends string>(
  form: Form,
  { kinds }: { kinds: Record<FaultKind | Own, string> },
): ReadFault<Own> {
  const { kind = '', method = '*', path = '*' } = form;
  if (!Object.hasOwn(kinds, kind))
    return { ok: false, at: 'kind', problem: 'Choose what goes wrong.' };
  const numbers = { chance: 1, milliseconds: 0, seconds: 30 };
  for (const name of ['chance', 'milliseconds', 'seconds'] as const) {
    const number = Number(form[name] ?? numbers[name]);
    if (!(number >= 0)) return { ok: false, at: name, problem: 'Use a number, 0 or more.' };
    numbers[name] = number;
  }
  const next = form.next?.trim() ? Number(form.next) : null;
  if (next !== null && !(Number.isInteger(next) && next > 0)) {
    return { ok: false, at: 'next', problem: 'Use a whole number, or leave it empty.' };
  }
  const rule = { kind: kind as FaultKind | Own, method, path: path || '*', next, ...numbers };
  return { ok: true, rule };
}

function switchForm(
  definitions: SwitchTable,
  present: Record<string, unknown>,
  { form: typed, errors }: { form: Form | undefined; errors: Form },
): Html {
  const rows = Object.entries(definitions).map(([name, known]) => {
    const value = typed ? (typed[name] ?? '') : String(present[name]);
    const label = `${known.says} ${known.mark}`;
    if (typeof known.initial === 'boolean') {
      return checkbox({ name, label, checked: value === 'true' });
    }
    if (!known.choices) return input({ name, label, value, error: errors[name] });
    const options = known.choices.map((choice) => ({ value: choice, text: choice }));
    return select({ name, label, value, error: errors[name], options });
  });
  return html`<form method="post" action="${HERE}" class="card"><div class="grid">${rows}</div>
<p><button class="main" data-testid="save-switches">Set the switches</button></p></form>`;
}

/** A missing check box means off; figures come as text. */
function readForm(definitions: SwitchTable, form: Form): Record<string, unknown> {
  const entries = Object.entries(definitions).map(([name, known]) => {
    const text = form[name] ?? '';
    if (typeof known.initial === 'boolean') return [name, text === 'true'];
    return [name, typeof known.initial === 'number' && text.trim() !== '' ? Number(text) : text];
  });
  return Object.fromEntries(entries);
}
