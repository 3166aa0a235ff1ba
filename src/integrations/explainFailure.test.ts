import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainFailure, type FailureFacts } from './explainFailure.ts';

const failure = (change: Partial<FailureFacts>): FailureFacts => ({
  kind: 'refused',
  state: 'dead',
  step: 'create',
  status: 400,
  path: null,
  provider: 'manatal',
  resource: 'candidates',
  ...change,
});

test('[F5] every failure says what happened, with whom, and what a person can do', () => {
  const facts = fc.record({
    kind: fc.constantFrom('throttled', 'unreachable', 'unauthorised', 'refused', 'surprising'),
    state: fc.constantFrom('retrying', 'dead'),
    step: fc.constantFrom('read', 'find', 'create', 'update', 'verify', 'decode', 'something_new'),
    status: fc.option(fc.constantFrom(200, 400, 401, 402, 403, 404, 409, 422, 429, 500, 503)),
    path: fc.option(fc.constantFrom('phone_number', 'results[3].salary_min')),
    provider: fc.constantFrom('manatal', 'someone_new'),
    resource: fc.constantFrom('jobs', 'applications', 'candidates', 'something_new'),
  });
  fc.assert(
    fc.property(facts, (given) => {
      const { happened, next } = explainFailure(given as FailureFacts);
      expect(happened).toMatch(/^\S.+\.$/);
      expect(next).toMatch(/^\S.+\.$/);
      expect(happened).toContain(given.provider === 'manatal' ? 'Manatal' : 'someone_new');
      expect(`${happened} ${next}`).not.toMatch(/undefined|null|\s\s/);
    }),
  );
});

test('[F5] a refused field is named', () => {
  expect(explainFailure(failure({ path: 'phone_number' }))).toEqual({
    happened:
      'Manatal did not accept the field “phone_number” while KiEX was creating this candidate.',
    next: 'Correct that field as Manatal says below, then Retry now. If it should not be sent at all, Dismiss.',
  });
});

test('[F2] a refused key, an unpaid plan and a missing permission are told apart', () => {
  const happened = (status: number) =>
    explainFailure(failure({ kind: 'unauthorised', status })).happened;
  expect(happened(401)).toBe('Manatal refused the key.');
  expect(happened(402)).toContain('not paid');
  expect(happened(403)).toContain('does not allow this');
});

test('[F1] what KiEX repeats by itself asks nothing of a person', () => {
  for (const kind of ['throttled', 'unreachable'] as const) {
    expect(explainFailure(failure({ kind, state: 'retrying' })).next).toMatch(/^Nothing to do/);
    expect(explainFailure(failure({ kind, state: 'dead' })).next).toContain('Retry now');
  }
});

test('a surprising answer names the place that surprised', () => {
  const { happened } = explainFailure(failure({ kind: 'surprising', path: 'salary_min' }));
  expect(happened).toContain('“salary_min”');
});
