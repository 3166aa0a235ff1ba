import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import { FAULT_KINDS, type FaultKind, type KeptRule } from '../faults.ts';
import {
  checkbox,
  type Html,
  input,
  instant,
  problems,
  select,
  table,
  tag,
} from '../inspectorLayout.ts';
import type { Switch } from '../switchKinds.ts';
import { type Form, formOf } from './inspectorJobForm.ts';
import { render, seeOther } from './inspectorPages.ts';
import type { SimulatorBehindInspector } from './simulator.ts';
import { readSwitches, SWITCHES, type SwitchName } from './switches.ts';

const HERE = '/admin/switches';

/** The clock, the faults in front of the simulator, and every uncertain behaviour. */
export function addSwitchPages(app: Hono, simulator: SimulatorBehindInspector): void {
  app.get(HERE, (context) => page(context, simulator, {}));
  app.post(HERE, async (context) => {
    const form = await formOf(context);
    const { switches, problems: errors } = readSwitches(readForm(form));
    if (Object.keys(errors).length > 0) return page(context, simulator, { form, errors });
    simulator.set(switches);
    return seeOther(context, HERE, 'switched');
  });
  app.post('/admin/faults', async (context) => {
    const form = await formOf(context);
    const rule = readFault(form);
    if (!rule.ok) {
      return page(context, simulator, { fault: form, errors: { [rule.at]: rule.problem } });
    }
    simulator.faults.add(rule.rule);
    return seeOther(context, HERE, 'faulted');
  });
  app.post('/admin/faults/heal', (context) => {
    simulator.faults.heal();
    return seeOther(context, HERE, 'healed');
  });
  app.post('/admin/clock', async (context) => {
    const { minutes = '' } = await formOf(context);
    const amount = Number(minutes);
    if (!(amount > 0 && amount <= MINUTES_MAX)) {
      const errors = { minutes: `Use a number of minutes up to ${MINUTES_MAX}.` };
      return page(context, simulator, { minutes, errors });
    }
    simulator.shiftClock(amount * 60_000);
    return seeOther(context, HERE, 'shifted');
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

function page(context: Context, simulator: SimulatorBehindInspector, typed: Typed) {
  const { errors = {} } = typed;
  const body = html`${problems(errors)}<h2>Clock</h2><form method="post" action="/admin/clock" class="row card">
<span>It is <span data-testid="clock">${instant(simulator.clock.now().toISOString())}</span> UTC here.</span>
<label for="minutes">Move forward, minutes</label><input id="minutes" name="minutes" value="${typed.minutes ?? '60'}" size="6">
<button data-testid="shift-clock">Move the clock</button></form>
<h2>Faults</h2>${faults(simulator, typed.fault ?? {}, errors)}<h2>Switches</h2>
<p class="muted">Each starts as the reference recommends. Marks: [D] documented, [S] seen, [S1] seen once, [I] inferred,
[U→choice] unknown, so we chose.</p>${switchForm(simulator, typed.form, errors)}`;
  const status = typed.errors ? 400 : 200;
  return render(context, { title: 'Switches and clock', at: HERE, body, status });
}

function faults(simulator: SimulatorBehindInspector, typed: Form, errors: Form): Html {
  const at = (name: string, label: string, initial: string) => ({
    name,
    label,
    value: typed[name] ?? initial,
    error: errors[name],
  });
  const kinds = Object.entries(FAULT_KINDS).map(([value, text]) => ({ value, text }));
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
${input({ ...at('path', 'Path', '/open/v3/*'), hint: '* stands for anything.' })}
${input({ ...at('next', 'The next so many', '1'), hint: 'Empty: by chance.' })}
${input({ ...at('chance', 'Chance', '1'), hint: '0 to 1.' })}
${input(at('milliseconds', 'Milliseconds, when slow', '5000'))}
${input(at('seconds', 'Seconds, when throttled', '30'))}</div>
<p><button class="main" data-testid="add-fault">Put the fault in place</button></p></form>
<form method="post" action="/admin/faults/heal"><button data-testid="heal">End all faults</button></form>`;
}

type ReadFault =
  | { ok: true; rule: Omit<KeptRule, 'id'> }
  | { ok: false; at: string; problem: string };

function readFault(form: Form): ReadFault {
  const { kind = '', method = '*', path = '*' } = form;
  if (!Object.hasOwn(FAULT_KINDS, kind))
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
  const rule = { kind: kind as FaultKind, method, path: path || '*', next, ...numbers };
  return { ok: true, rule };
}

function switchForm(
  simulator: SimulatorBehindInspector,
  typed: Form | undefined,
  errors: Form,
): Html {
  const present = simulator.switches();
  const rows = (Object.entries(SWITCHES) as [SwitchName, Switch<unknown>][]).map(
    ([name, known]) => {
      const value = typed ? (typed[name] ?? '') : String(present[name]);
      const label = `${known.says} ${known.mark}`;
      if (typeof known.initial === 'boolean') {
        return checkbox({ name, label, checked: value === 'true' });
      }
      if (!known.choices) return input({ name, label, value, error: errors[name] });
      const options = known.choices.map((choice) => ({ value: choice, text: choice }));
      return select({ name, label, value, error: errors[name], options });
    },
  );
  return html`<form method="post" action="${HERE}" class="card"><div class="grid">${rows}</div>
<p><button class="main" data-testid="save-switches">Set the switches</button></p></form>`;
}

/** A missing check box means off; figures come as text. */
function readForm(form: Form): Record<string, unknown> {
  const entries = Object.entries(SWITCHES).map(([name, known]) => {
    const text = form[name] ?? '';
    if (typeof known.initial === 'boolean') return [name, text === 'true'];
    return [name, typeof known.initial === 'number' && text.trim() !== '' ? Number(text) : text];
  });
  return Object.fromEntries(entries);
}
