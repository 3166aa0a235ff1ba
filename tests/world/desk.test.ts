import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Viewer } from '#src/accounts/viewer.ts';
import type { App } from '#src/app.ts';
import type { Integrations } from '#src/integrations/commands.ts';
import type { Dashboard } from '#src/integrations/dashboard.ts';
import type { Decisions } from '#src/integrations/decisions.ts';
import type { Desk } from '#src/integrations/desk.ts';
import type { Previews } from '#src/integrations/previews.ts';
import type { Records } from '#src/integrations/records.ts';
import { addMembership } from '#src/organizations/memberships.ts';
import type { TestWorld } from './testWorld.ts';
import { addPerson, createTwoEmployers, type Side } from './twoEmployers.ts';

// Behind the pages: every question that employer A's desk can be asked, asked about what is B's. A
// new question has no line here, and does not compile before it has.

let world: TestWorld;
let app: App;
let a: Side;
let b: Side;
let desk: Desk;

beforeAll(async () => {
  ({ world, app, a, b } = await createTwoEmployers());
  desk = await app.deskOf(a.person);
});
afterAll(() => world.end());

type Asked<Room> = Record<keyof Room, ((of: Side, on: Desk) => unknown) | 'names nothing'>;
const by = 'somebody';
const key = 'sandbox-key-0003';
const noFilter = { resource: '', outcome: '', runId: '', page: 1 } as const;

/** Answered with a 404. */
const integrations: Asked<Integrations> = {
  testKey: 'names nothing',
  offers: 'names nothing',
  resourcesOf: 'names nothing',
  testConnection: (of, on) => on.integrations.testConnection(of.connectionId),
  addConnection: ({ organizationId }, on) => {
    const input = { provider: 'manatal', label: 'x', organizationName: '', key } as const;
    return on.integrations.addConnection({ ...input, organizationId }, by);
  },
  replaceKey: ({ connectionId }, on) => on.integrations.replaceKey({ connectionId, key }, by),
  disconnect: (of, on) => on.integrations.disconnect(of.connectionId, by),
  whatLeaves: (of, on) => on.integrations.whatLeaves(of.connectionId),
  webhookStanding: (of, on) => on.integrations.webhookStanding(of.connectionId),
  lookAtWebhooks: (of, on) => on.integrations.lookAtWebhooks(of.connectionId),
  changeWebhookAddress: (of, on) => on.integrations.changeWebhookAddress(of.connectionId, by),
  pause: (of, on) => on.integrations.pause(of.connectionId, by),
  resume: (of, on) => on.integrations.resume(of.connectionId, by),
  requestRuns: ({ connectionId }, on) => {
    const ask = { connectionId, resource: null, full: true, trigger: 'manual', by } as const;
    return on.integrations.requestRuns(ask);
  },
  approveRun: (of, on) => on.integrations.approveRun(of.runId, by),
  refuseRun: (of, on) => on.integrations.refuseRun(of.runId, by),
  resumeRun: (of, on) => on.integrations.resumeRun(of.runId, by),
  retryFailure: (of, on) => on.integrations.retryFailure(of.failureId, by),
  retryFailures: ({ connectionId }, on) => on.integrations.retryFailures({ connectionId }, by),
  dismissFailures: ({ connectionId }, on) =>
    on.integrations.dismissFailures({ connectionId }, 'none', by),
  dismissFailure: (of, on) => on.integrations.dismissFailure(of.failureId, 'none', by),
  correction: (of, on) => on.integrations.correction(of.failureId),
  correct: ({ failureId }, on) =>
    on.integrations.correct({ failureId, version: 1, values: { title: 'x' } }, by),
};

/** The same; most of it is for staff, whosever it is. */
const decisions: Asked<Decisions> = {
  conflicts: ({ connectionId }, on) =>
    on.decisions.conflicts({ connectionId, state: null, limit: 9 }),
  openConflicts: (of, on) => on.decisions.openConflicts(of.connectionId),
  choose: (of, on) => on.decisions.choose(of.failureId, 'ours', by),
  issues: ({ connectionId }, on) => on.decisions.issues({ connectionId, closed: false, limit: 9 }),
  closeIssue: (of, on) => on.decisions.closeIssue(of.failureId, 'none', by),
  fieldTables: (of, on) => on.decisions.fieldTables(of.connectionId),
  chooseFields: (of, on) => on.decisions.chooseFields(of.connectionId, [], by),
  options: (of, on) => on.decisions.options(of.connectionId),
  chooseOptions: (of, on) => on.decisions.chooseOptions(of.connectionId, {}, by),
};

const records: Asked<Records> = {
  story: (of, on) => on.records.story({ resource: 'jobs', ourId: of.jobId }),
  wroteHere: (of, on) => on.records.wroteHere(of.runId),
  undoable: (of, on) => on.records.undoable(of.runId),
  undo: (of, on) => on.records.undo(of.runId, by),
};

const previews: Asked<Previews> = {
  request: ({ connectionId }, on) => {
    const ask = { connectionId, resource: null, settings: null, trigger: 'manual', by } as const;
    return on.previews.request(ask);
  },
  requestFields: ({ connectionId }, on) =>
    on.previews.requestFields({ connectionId, choices: [] }, by),
  of: (of, on) => on.previews.of(of.previewId, 1),
  leftBy: (of, on) => on.previews.leftBy(of),
  apply: (of, on) => on.previews.apply(of.previewId, { trigger: 'manual', by }),
};

const refused = Object.entries({ ...integrations, ...decisions, ...records, ...previews }).flatMap(
  ([name, asked]) => (typeof asked === 'function' ? [[name, asked] as const] : []),
);

test.each(refused)('%s: there is nothing of another employer’s', async (_name, asked) => {
  await expect((async () => asked(b, desk))()).rejects.toMatchObject({ status: 404 });
});

/** Answered with what is left when nothing of it is theirs. */
const dashboard: Asked<Dashboard> = {
  targetSeconds: 'names nothing',
  connections: (_of, on) => on.dashboard.connections(),
  openRuns: (of, on) => on.dashboard.openRuns(of.connectionId),
  recentRuns: ({ connectionId }, on) =>
    on.dashboard.recentRuns({ connectionId, quiet: true, limit: 99 }),
  run: (of, on) => on.dashboard.run(of.runId),
  closings: (of, on) => on.dashboard.closings(of.runId, 99),
  openFailures: ({ connectionId }, on) => on.dashboard.openFailures({ connectionId }, 99),
  activity: ({ connectionId }, on) => on.dashboard.activity({ ...noFilter, connectionId }, 99),
  deliveries: (of, on) => on.dashboard.deliveries(of.connectionId, 99),
  lastEventAt: 'names nothing',
};

const seen = Object.entries(dashboard).flatMap(([name, asked]) =>
  typeof asked === 'function' ? [[name, asked] as const] : [],
);

test.each(seen)('dashboard, %s: nothing of another employer’s', async (_name, asked) => {
  const shown = JSON.stringify(await asked(b, desk));
  expect(b.marks.filter((mark) => shown.includes(mark))).toEqual([]);
});

test.each([
  ['runs', (on: Desk) => on.dashboard.recentRuns({ connectionId: null, quiet: true, limit: 99 })],
  ['failures', (on: Desk) => on.dashboard.openFailures({}, 99)],
  ['activity', (on: Desk) => on.dashboard.activity({ ...noFilter, connectionId: '' }, 999)],
  ['deliveries', (on: Desk) => on.dashboard.deliveries(null, 99)],
])('all %s are all of their own', async (_name, asked) => {
  const shown = JSON.stringify(await asked(desk));
  expect(shown).toContain(a.connectionId);
  expect(b.marks.filter((mark) => shown.includes(mark))).toEqual([]);
});

test('all problems that are retried together are their own', async () => {
  expect(await desk.integrations.retryFailures({}, by)).toBe(1);
  const [left] = (await app.dashboard.openFailures({ connectionId: b.connectionId }, 9)).rows;
  expect(left).toMatchObject({ id: b.failureId, state: 'dead' });
});

test('another employer’s job is neither shown for editing nor edited', async () => {
  expect(await desk.jobEditing.byId(b.jobId)).toBeNull();
  const edited = await desk.jobEditing.edit(b.jobId, { title: 'Taken over' }, { by });
  expect(edited).toEqual({ ok: false, reason: 'unknown job' });
  expect(await desk.jobEditing.byId(a.jobId)).toMatchObject({ title: 'Barista' });
  const job = { changes: { title: 'Guide' }, newEmployer: null, connectionId: null };
  const forOthers = { ...job, employerId: b.organizationId };
  expect(await desk.jobEditing.create(forOthers, { by })).toMatchObject({ ok: false });
  const atOthers = { ...job, employerId: a.organizationId, connectionId: b.connectionId };
  expect(await desk.jobEditing.create(atOthers, { by })).toMatchObject({ ok: false });
  const own = { ...job, employerId: a.organizationId, connectionId: a.connectionId };
  expect(await desk.jobEditing.create(own, { by })).toMatchObject({ ok: true });
});

test('who acts for both reaches both, and staff reach all', async () => {
  const both = await addPerson(world, { name: 'Agent', organizationId: a.organizationId });
  const at = world.clock.now();
  await addMembership(world.db, { userId: both.userId, organizationId: b.organizationId, at });
  const idsOn = async (viewer: Viewer) =>
    (await (await app.deskOf(viewer)).dashboard.connections()).map(({ id }) => id).sort();
  const all = [a.connectionId, b.connectionId].sort();
  expect(await idsOn(both)).toEqual(all);
  expect(await idsOn({ ...both, userId: 'staff', role: 'staff' })).toEqual(all);
  expect(await idsOn(a.person)).toEqual([a.connectionId]);
});

test('a student and a visitor have no desk', async () => {
  for (const viewer of [a.student, null]) {
    await expect(app.deskOf(viewer)).rejects.toMatchObject({ status: 403 });
  }
});

test('a connection of their own says whose it is, and its name tells nothing of others', async () => {
  const input = { provider: 'manatal', organizationName: '', key } as const;
  const named = { ...input, organizationId: a.organizationId, label: 'Reef Labs' };
  const added = await desk.integrations.addConnection(named, by);
  expect(added.ok).toBe(true);
  const again = await app.deskOf(a.person);
  const labels = (await again.dashboard.connections()).map(({ label }) => label);
  expect(labels).toContain('Pacific Stay Hotels · Reef Labs');
});
