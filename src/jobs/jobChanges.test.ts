import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Values } from '#src/sync/canonical.ts';
import {
  changeErrors,
  EMPLOYMENT_TYPES,
  JOB_STATUSES,
  type JobChanges,
  PAY_PERIODS,
  readJobChanges,
} from './jobChanges.ts';
import { alteredOf, changesOf, typedOf } from './typedJob.ts';

const zone = 'Pacific/Guam';
const errorsOf = (changes: JobChanges) => {
  const read = readJobChanges(changes);
  return read.ok ? {} : read.errors;
};

test('what cannot stand is said at its field, in a sentence', () => {
  expect(
    errorsOf({
      title: '  ',
      city: 'x'.repeat(256),
      payMin: 'a lot',
      payMax: '12.505',
      payCurrency: 'dollars',
      headcount: 0,
      closesAt: 'next Tuesday',
    }),
  ).toEqual({
    title: 'A job needs a title.',
    city: 'Write at most 255 characters.',
    payMin: 'Write an amount such as 12.50, or leave it empty.',
    payMax: 'Write an amount such as 12.50, or leave it empty.',
    payCurrency: 'Write the three letters of a currency, such as USD.',
    headcount: 'Write 1 or more, or leave it empty.',
    closesAt: 'Choose a day and a time.',
  });
  expect(errorsOf({ headcount: Number.NaN })).toHaveProperty('headcount');
  expect(() => readJobChanges({ slug: 'x' } as JobChanges)).toThrow('not a field of a job');
});

test('[M5] what is stored is already canonical', () => {
  const read = readJobChanges({
    title: ' Head Barista ',
    descriptionHtml: '<p onclick="x()">Make\n</p>\n<p>coffee</p>',
    payMin: '12.50',
    payMax: '0',
    payCurrency: 'usd',
    closesAt: '2027-03-31T21:59:00+10:00',
  });
  expect(read).toEqual({
    ok: true,
    values: {
      title: 'Head Barista',
      descriptionHtml: '<p>Make</p><p>coffee</p>',
      payMin: '12.5',
      payMax: null,
      payCurrency: 'USD',
      closesAt: '2027-03-31T11:59:00.000Z',
    },
  });
});

test('[M7] a foreign word may stay where it stands, and may not be made up or taken back', () => {
  const before: Values = { employmentType: 'zero_hours', payPeriod: null, payMin: null };
  expect(changeErrors(before, { employmentType: 'zero_hours' })).toEqual({});
  expect(changeErrors(before, { employmentType: 'part_time', payPeriod: 'hour' })).toEqual({});
  expect(changeErrors(before, { employmentType: null })).toHaveProperty('employmentType');
  expect(changeErrors(before, { payPeriod: 'fortnight' })).toHaveProperty('payPeriod');
  const archived: Values = { status: 'other:archived' };
  expect(changeErrors(archived, { status: 'other:archived' })).toEqual({});
  expect(changeErrors(archived, { status: 'filled' })).toEqual({});
  expect(changeErrors({ status: 'open' }, { status: 'removed' })).toHaveProperty('status');
  expect(changeErrors({ status: 'open' }, { status: 'other:archived' })).toHaveProperty('status');
});

test('pay that runs backwards is refused at the field that was changed', () => {
  expect(changeErrors({ payMin: '9', payMax: '10' }, { payMax: '8' })).toEqual({
    payMax: 'The most is less than the least.',
  });
  expect(changeErrors({ payMin: '9', payMax: '10' }, { payMin: '11' })).toHaveProperty('payMin');
  // It came like that from the employer's side: another field may still be edited.
  expect(changeErrors({ payMin: '9', payMax: '8' }, { title: 'Cook' })).toEqual({});
});

const line = fc.option(fc.constantFrom('Tumon', 'Hagåtña', '12 Reef Rd.', 'a "b" <c>'));
const amounts = fc.option(fc.constantFrom('12.5', '2100', '0.75'));
const job = fc.record({
  title: fc.constantFrom('Barista', 'Cook & helper'),
  descriptionHtml: fc.option(fc.constantFrom('<p>One</p><p>Two</p>', 'One\ntwo')),
  employmentType: fc.option(fc.constantFrom(...EMPLOYMENT_TYPES, 'zero_hours')),
  address: line,
  city: line,
  state: line,
  country: line,
  zipcode: line,
  remote: fc.option(fc.boolean()),
  payMin: amounts,
  payMax: amounts,
  payCurrency: fc.option(fc.constantFrom('USD', 'EUR')),
  payPeriod: fc.option(fc.constantFrom(...PAY_PERIODS)),
  payVisible: fc.boolean(),
  headcount: fc.option(fc.integer({ min: 1, max: 99 })),
  closesAt: fc.option(fc.constantFrom('2027-03-31T11:59:00.000Z', '2027-01-01T00:00:00.000Z')),
  status: fc.constantFrom(...JOB_STATUSES, 'removed', 'other:archived'),
  publishedHere: fc.option(fc.boolean()),
});

test('a form that is sent as it was shown changes nothing', () => {
  fc.assert(
    fc.property(job, (values) => {
      const shown = typedOf(values, zone);
      const crlf = { ...shown, descriptionHtml: shown.descriptionHtml.replaceAll('\n', '\r\n') };
      expect(alteredOf(crlf, shown)).toEqual({});
      const all = readJobChanges(changesOf(shown, zone));
      expect(all).toEqual({ ok: true, values });
    }),
  );
});
