import { expect, test } from 'vitest';
import { decideTakeBack, type PastWrite, takenBackFrom } from './takeBack.ts';

const base = { ourId: 'o1', direction: 'in', action: 'updated', undoneAt: null } as const;
const wrote = (
  runId: string | null,
  fields: PastWrite['fields'],
  more: Partial<PastWrite> = {},
): PastWrite => ({ ...base, runId, fields, ...more });
const now = (values: Record<string, string | null> | null, canClose = true) => ({
  runId: 'r1',
  ours: values,
  canClose,
});
const title = (before: string | null, after: string, rule?: string) => ({
  title: { before, after, ...(rule ? { rule } : {}) },
});

test('what stands as the run wrote it goes back to what stood there before its first write', () => {
  const writes = [wrote('r1', title('A', 'B')), wrote('r1', title('B', 'C'))];
  const decided = decideTakeBack('o1', writes, now({ title: 'C' }));
  expect(decided).toMatchObject({ values: { title: 'A' }, closes: false, left: [] });
});

test('what another run wrote, was sent, or was changed here since is left, each with its reason', () => {
  const own = wrote('r1', title('A', 'B'));
  const reasonsOf = (writes: PastWrite[], value: string) =>
    decideTakeBack('o1', [own, ...writes], now({ title: value })).left.map(({ reason }) => reason);
  expect(reasonsOf([wrote('r2', title('B', 'C'))], 'C')).toEqual(['Run r2 wrote it since.']);
  // Written away and back again: somebody touched it all the same.
  expect(reasonsOf([wrote('r2', title('B', 'C')), wrote('r3', title('C', 'B'))], 'B')).toEqual([
    'Run r3 wrote it since.',
  ]);
  expect(reasonsOf([wrote(null, title('B', 'C'))], 'C')).toEqual(['It was written again since.']);
  expect(reasonsOf([wrote(null, title('B', 'B'), { direction: 'out' })], 'B')).toEqual([
    'A value was sent to the provider since.',
  ]);
  expect(reasonsOf([], 'mine')).toEqual(['It was changed here since.']);
});

test('a later run that was taken back itself is no obstacle', () => {
  const writes = [
    wrote('r1', title('A', 'B')),
    wrote('r2', title('B', 'C')),
    wrote(null, title('C', 'B', takenBackFrom('r2'))),
  ];
  expect(decideTakeBack('o1', writes, now({ title: 'B' }))).toMatchObject({
    values: { title: 'A' },
    left: [],
  });
});

test('what was taken back is not taken back twice, whatever came after it', () => {
  const own = wrote('r1', title('A', 'B'));
  const back = wrote(null, title('B', 'A', takenBackFrom('r1')));
  const again = decideTakeBack('o1', [own, back], now({ title: 'A' }));
  expect(again).toMatchObject({ values: {}, earlier: 1, left: [] });
  const marked = { ...own, undoneAt: new Date(0) };
  const after = decideTakeBack(
    'o1',
    [marked, back, wrote('r2', title('A', 'D'))],
    now({ title: 'D' }),
  );
  expect(after).toMatchObject({ values: {}, earlier: 1, left: [] });
});

test('[A1] a record the run brought in is closed, unless anything of it lives on or cannot be closed', () => {
  const made = wrote('r1', { ...title(null, 'A'), city: { before: null, after: 'Agana' } });
  const created = { ...made, action: 'created' };
  const values = { title: 'A', city: 'Agana' };
  expect(decideTakeBack('o1', [created], now(values))).toMatchObject({ closes: true, left: [] });
  const touched = decideTakeBack('o1', [created], now({ ...values, city: 'Tumon' }));
  expect(touched).toMatchObject({ closes: false, values: {} });
  expect(touched.left.map(({ field }) => field)).toEqual(['city']);
  const never = decideTakeBack('o1', [created], now(values, false));
  expect(never).toMatchObject({ closes: false, values: {} });
  expect(never.left.map(({ field }) => field)).toEqual([null]);
});

test('a record that is gone, here or there, is left', () => {
  const own = wrote('r1', title('A', 'B'));
  expect(decideTakeBack('o1', [own], now(null)).left).toHaveLength(1);
  const closed = wrote('r1', title('A', 'B'), { action: 'closed' });
  expect(decideTakeBack('o1', [closed], now({ title: 'B' }))).toMatchObject({ values: {} });
});
