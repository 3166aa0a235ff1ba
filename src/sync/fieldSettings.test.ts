import { expect, test } from 'vitest';
import { text } from './canonical.ts';
import type { ResourceConnector } from './connector.ts';
import { decideFields, type FieldChoice } from './fieldSettings.ts';
import type { Field } from './fields.ts';
import { fieldsOf } from './mapping.ts';

const field = (ours: string, more: Partial<Field> = {}): Field => ({
  ours,
  theirs: ours,
  flow: 'both',
  policy: 'newest',
  canonical: text,
  ...more,
});
const jobs: ResourceConnector = {
  name: 'jobs',
  label: 'Jobs',
  fields: [field('title', { needed: true }), field('pay'), field('status', { flow: 'in' })],
};
const connector = { resources: [jobs] };
const choose = (settings: Record<string, unknown>, ...choices: Partial<FieldChoice>[]) =>
  decideFields(
    connector,
    { settings },
    choices.map((one) => ({ resource: 'jobs', field: 'pay', policy: null, on: true, ...one })),
  );

test('what staff choose is kept where it differs from the default, and told in words', () => {
  const decided = choose({}, { policy: 'ask' }, { field: 'title', policy: 'newest' });
  expect(decided).toEqual({
    ok: true,
    settings: { jobs: { pay: { policy: 'ask' } } },
    changes: [{ resource: 'jobs', field: 'pay', words: 'a person is asked', switchedOn: false }],
  });
});

test('the default may be chosen again, and a field that is off keeps its policy in mind', () => {
  const settings = { policies: { jobs: { pay: { policy: 'ask', off: true } } } };
  expect(choose(settings, { policy: 'newest' })).toMatchObject({
    settings: { jobs: { pay: {} } },
    changes: [{ words: 'the newest wins, switched on', switchedOn: true }],
  });
  expect(choose(settings, { policy: 'ask', on: false })).toMatchObject({ changes: [] });
  expect(choose(settings, { policy: null })).toMatchObject({
    settings: { jobs: { pay: { policy: 'ask' } } },
  });
});

test('unknown fields and policies, and a field that is needed, are refused where they stand', () => {
  const decided = choose(
    {},
    { policy: 'coin' },
    { field: 'title', on: false },
    { field: 'shoe' },
    { resource: 'hats' },
  );
  expect(decided).toEqual({
    ok: false,
    errors: {
      'jobs.pay': 'There is no such policy.',
      'jobs.title': 'KiEX cannot do without this field.',
      'jobs.shoe': 'There is no such field.',
      'hats.pay': 'There is no such field.',
    },
  });
});

test('the table in force is the connector’s with the choices of this connection', () => {
  const fieldsWith = (policies: unknown) =>
    fieldsOf({ connection: { settings: { policies } }, resource: jobs }).map(
      ({ name, policy }) => `${name} ${policy}`,
    );
  expect(fieldsWith(undefined)).toEqual(['title newest', 'pay newest', 'status newest']);
  expect(
    fieldsWith({ jobs: { pay: { policy: 'ask' }, status: { policy: 'kiex', off: true } } }),
  ).toEqual(['title newest', 'pay ask']);
  // A needed field stays on whatever stands in the settings, and so does what cannot be read.
  expect(fieldsWith({ jobs: { title: { off: true }, pay: { policy: 'coin' } } })).toEqual([
    'title newest',
    'pay newest',
    'status newest',
  ]);
});
