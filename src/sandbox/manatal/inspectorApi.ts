import type { Hono } from 'hono';
import { z } from 'zod';
import { addControlApi } from '../adminApi.ts';
import { FAULT_KINDS } from '../faults.ts';
import { seedManyJobs } from '../manyJobs.ts';
import { PLAIN_QUESTIONS, RICH_QUESTIONS } from './formQuestions.ts';
import { RECORD_NAMES, type RecordName } from './records.ts';
import { ACCESS, FIRST_IDS, type TableName } from './rows.ts';
import type { SimulatorBehindInspector } from './simulator.ts';
import { SWITCHES } from './switches.ts';

const API = '/admin/api';

const NewAccountBody = z.object({
  label: z.string().min(1),
  key: z.string().min(8),
  careerSlug: z.string().min(1).optional(),
  access: z.enum(ACCESS).optional(),
});
const ManyJobs = z.object({
  account: z.number().int(),
  count: z.number().int().min(1).max(50_000),
});

/**
 * The same doors for scripts, in JSON: seed, switch, fault, look, move the clock.
 * Source: reference/manatal.md 17.21
 */
export function addAdminApi(app: Hono, simulator: SimulatorBehindInspector): void {
  addControlApi(app, simulator, { table: SWITCHES, kinds: FAULT_KINDS });
  app.get(`${API}/downloads`, (context) => context.json(simulator.downloads()));
  addRecords(app, simulator);
}

function addRecords(app: Hono, simulator: SimulatorBehindInspector): void {
  app.get(`${API}/accounts`, (context) => context.json(simulator.accounts()));
  app.post(`${API}/accounts`, async (context) => {
    const { access = 'granted', ...wanted } = NewAccountBody.parse(await context.req.json());
    if (simulator.accounts().some(({ key }) => key === wanted.key)) {
      return context.json({ error: 'another account has this key' }, 409);
    }
    return context.json(simulator.addAccount({ ...wanted, access }), 201);
  });
  app.patch(`${API}/accounts/:account{[0-9]+}`, async (context) => {
    const { access } = z.object({ access: z.enum(ACCESS) }).parse(await context.req.json());
    const id = Number(context.req.param('account'));
    if (!isAccount(simulator, id)) return context.notFound();
    return context.json(simulator.changeAccount(id, { access }));
  });
  app.post(`${API}/seed-jobs`, async (context) => {
    const wanted = ManyJobs.parse(await context.req.json());
    if (!isAccount(simulator, wanted.account)) return context.notFound();
    return context.json({ made: seedManyJobs(simulator, wanted).length }, 201);
  });
  app.get(`${API}/accounts/:account{[0-9]+}/:name`, (context) => {
    const name = context.req.param('name');
    if (!Object.hasOwn(FIRST_IDS, name) || name === 'stages') return context.notFound();
    return context.json(simulator.rows(Number(context.req.param('account')), name as TableName));
  });
  app.post(`${API}/accounts/:account{[0-9]+}/form`, async (context) => {
    const { kind } = z.object({ kind: z.enum(['plain', 'rich']) }).parse(await context.req.json());
    const id = Number(context.req.param('account'));
    if (!isAccount(simulator, id)) return context.notFound();
    simulator.askInstead(id, kind === 'rich' ? RICH_QUESTIONS : PLAIN_QUESTIONS);
    return context.json(simulator.questionsOf(id), 201);
  });
  app.post(`${API}/accounts/:account{[0-9]+}/jobs`, async (context) => {
    const id = Number(context.req.param('account'));
    if (!isAccount(simulator, id)) return context.notFound();
    const done = simulator.recruiter(id).postJob(await context.req.json());
    return done.ok ? context.json(done.row, 201) : context.json(done.body, done.status);
  });
  app.patch(`${API}/accounts/:account{[0-9]+}/jobs/:id{[0-9]+}`, async (context) => {
    const id = Number(context.req.param('account'));
    if (!isAccount(simulator, id)) return context.notFound();
    const body = await context.req.json();
    const done = simulator.recruiter(id).editJob(Number(context.req.param('id')), body);
    return done.ok ? context.json(done.row) : context.json(done.body, done.status);
  });
  app.delete(`${API}/accounts/:account{[0-9]+}/:name/:id{[0-9]+}`, (context) => {
    const id = Number(context.req.param('account'));
    const name = context.req.param('name') as RecordName;
    if (!isAccount(simulator, id) || !RECORD_NAMES.includes(name)) return context.notFound();
    const removed = simulator.recruiter(id).remove(name, Number(context.req.param('id')));
    return removed ? context.body(null, 204) : context.notFound();
  });
}

function isAccount(simulator: SimulatorBehindInspector, id: number): boolean {
  return simulator.accounts().some((account) => account.id === id);
}
