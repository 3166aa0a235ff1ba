import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestbed } from './testbed.ts';

let folder = '';
let journalFile = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manatal-simulator-'));
  journalFile = join(folder, 'state.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('after a kill everything is there again: records, ids, switches and the clock', async () => {
  const before = createTestbed({ journalFile, switches: { duplicateMatch: 'conflict' } });
  const match = await before.makeMatch({ external_id: 'kept' });
  const gone = await before.makeCandidate();
  await before.remove(`/candidates/${gone.id}/`);
  before.simulator.shiftClock(3_600_000);
  // No close: a killed process has no time for it.
  const after = createTestbed({ journalFile });
  expect((await after.get(`/matches/${match.id}/`)).body).toEqual(match);
  expect(after.simulator.accounts()).toEqual(before.simulator.accounts());
  expect((await after.makeCandidate()).id).toBe(gone.id + 1);
  expect(after.simulator.switches().duplicateMatch).toBe('conflict');
  expect(after.simulator.clock.now().toISOString()).toBe('2027-01-12T09:00:00.000Z');
});

test('a torn last line is dropped; a damaged line in the middle is reported', async () => {
  const before = createTestbed({ journalFile });
  const kept = await before.makeCandidate();
  const whole = readFileSync(journalFile, 'utf8');
  appendFileSync(journalFile, '{"account":1,"table":"candidates","row":{"id":91');
  const after = createTestbed({ journalFile });
  expect(after.simulator.rows(1, 'candidates').map(({ id }) => id)).toEqual([kept.id]);
  writeFileSync(journalFile, `{"account":1,"ta\n${whole}`);
  expect(() => createTestbed({ journalFile })).toThrow('line 1 of');
});

test('the journal is compacted at the start, and loses nothing by it', async () => {
  const before = createTestbed({ journalFile, switches: { quotaEnforced: false } });
  const { id } = await before.makeJob();
  for (let change = 0; change < 200; change += 1) {
    await before.patch(`/jobs/${id}/`, { headcount: change });
  }
  const size = readFileSync(journalFile).length;
  const after = createTestbed({ journalFile });
  expect(readFileSync(journalFile).length).toBeLessThan(size / 5);
  expect((await after.get(`/jobs/${id}/`)).body.headcount).toBe(199);
  const again = createTestbed({ journalFile });
  expect((await again.get(`/jobs/${id}/`)).body.headcount).toBe(199);
});

test('promised downloads and deliveries happen after a restart', async () => {
  const before = createTestbed({ journalFile });
  const { id } = await before.makeCandidate();
  const target_url = 'https://hooks.example/late';
  const body = { model: 'candidate', action: 'update', target_url };
  await before.call('POST', '/v1/webhooks/', { body });
  const url = 'https://files.kiex.example/resume.pdf';
  await before.post(`/candidates/${id}/resume/`, { resume_file: url });
  await before.patch(`/candidates/${id}/`, { address: 'Yap' });

  const after = createTestbed({ journalFile });
  after.outside.set(
    url,
    () => new Response('x', { headers: { 'content-type': 'application/pdf' } }),
  );
  await after.pass(30);
  expect(after.received.map((delivery) => delivery.url)).toEqual([target_url]);
  expect((await after.get(`/candidates/${id}/resume/`)).body).toHaveLength(1);
  const link = new URL((await after.get(`/candidates/${id}/`)).body.resume);

  const third = createTestbed({ journalFile });
  expect((await third.call('GET', link.pathname + link.search)).status).toBe(200);
});

test('closing ends all background work', async () => {
  const bed = createTestbed({ journalFile });
  const body = { model: 'candidate', action: 'create', target_url: 'https://hooks.example/x' };
  await bed.call('POST', '/v1/webhooks/', { body });
  await bed.makeCandidate();
  bed.simulator.close();
  await bed.pass(600);
  expect(bed.received).toEqual([]);
});
