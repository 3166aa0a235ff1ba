import { expect, test } from 'vitest';
import type { Page, TheirRecord } from './connector.ts';
import { standingAfter } from './readList.ts';

const at = (second: number) => `2027-01-01T00:00:${String(second).padStart(2, '0')}.000000Z`;
const row = (id: string, changedAt: string | null): TheirRecord => ({
  ...{ id, revision: `9 ${id}`, changedAt, values: {}, ourId: null, refs: {}, keepOut: null },
});
const page = (records: TheirRecord[], more: Partial<Page> = {}): Page => ({
  ...{ records, surprises: [], next: null, total: null },
  ...more,
});
const begun = {
  ...{ step: 0, phase: 'pages', sweep: 1, cursor: null, since: null, newest: null, total: null },
  ...{ nameless: 0, shown: null, walked: null, pending: [] },
} as unknown as Parameters<typeof standingAfter>[0];

test('[D4] a poll begins where the newest change was, by the time of the change and not its revision', () => {
  const rows = [row('1', at(3)), row('2', at(7)), row('3', null)];
  expect(standingAfter(begun, page(rows)).newest).toBe(at(7));
});

test('[D4] a list that is not in the order of change holds it back to when it was begun', () => {
  const rows = [row('1', at(3)), row('2', at(40))];
  expect(standingAfter(begun, page(rows, { atMost: at(20) })).newest).toBe(at(20));
  expect(standingAfter(begun, page([row('1', at(3))], { atMost: at(20) })).newest).toBe(at(3));
});
