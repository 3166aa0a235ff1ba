import fc from 'fast-check';
import type { Canonical } from '#src/sync/canonical.ts';
import {
  amount,
  anything,
  day,
  email,
  html,
  instant,
  text,
  type Values,
} from '#src/sync/canonical.ts';

const through = (canonical: Canonical) => (raw: string) => {
  const read = canonical(raw);
  return 'value' in read ? read.value : null;
};

/** A text of Manatal's short fields, in any letters. reference/manatal.md 8.2 */
const line = fc
  .string({ unit: 'grapheme', maxLength: 60 })
  .map(through(text))
  .filter((value) => value === null || [...String(value)].length <= 255);
const filled = line.filter((value) => value !== null);
const pieces = fc.constantFrom(
  ...['<p>Make coffee</p>', '<p>a<br />b</p>', '<ul><li>Nights</li><li>R&amp;D</li></ul>', 'plain'],
  ...[
    '<h2>Who</h2>',
    '<a href="https://reef.example/?a=1&amp;b=2">Reef</a>',
    'a\u00a0b',
    '1 < 2',
    ' \n',
  ],
  ...[
    '<b>bold</b> <i>and</i> so',
    '<p>\u00e5 \u02bb \ud83c\udf0a</p>',
    '<hr />',
    '<blockquote>x</blockquote>',
  ],
);
const description = fc
  .array(pieces, { maxLength: 6 })
  .map((parts) => through(html)(parts.join('\n')));
const pay = fc.option(
  fc.integer({ min: 1, max: 99_999_999 }).map((cents) => through(amount)((cents / 100).toFixed(2))),
);
const time = fc.option(
  fc
    .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((at) => through(instant)(at.toISOString())),
);

/** Whatever JSON holds, in canonical form: texts, numbers, lists, objects. */
const custom = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.jsonValue({ maxDepth: 2 }))
  .map((raw) => JSON.parse(JSON.stringify(raw)) as unknown)
  .map((raw) => {
    const read = anything(raw);
    return 'value' in read ? read.value : null;
  });

/** Changes of a job that may be sent: some fields, each with a value Manatal can hold. */
export const jobChanges: fc.Arbitrary<Values> = fc.record(
  {
    title: filled,
    descriptionHtml: description,
    employmentType: fc.constantFrom('full_time', 'part_time', 'temporary', 'internship'),
    address: line,
    city: line,
    state: line,
    country: line,
    zipcode: line,
    remote: fc.option(fc.boolean()),
    payMin: pay,
    payMax: pay,
    payCurrency: fc.option(fc.constantFrom('USD', 'EUR', 'FJD')),
    payPeriod: fc.constantFrom('hour', 'day', 'week', 'month', 'year'),
    payVisible: fc.boolean(),
    headcount: fc.option(fc.integer({ min: 1, max: 10_000 })),
    closesAt: time,
    status: fc.constantFrom('open', 'paused', 'filled', 'closed'),
    // Two keys of the account's own; a third is never touched.
    'customFields.shift': custom,
    'customFields.rate': custom,
  },
  { requiredKeys: [] },
);

/** Changes of an employer: a name is never taken away. */
export const organizationChanges: fc.Arbitrary<Values> = fc.record(
  { name: filled, website: line, address: line, description: line },
  { requiredKeys: [] },
);

/** Changes of a candidate: what KiEX fills in, never an emptied field. */
export const candidateChanges: fc.Arbitrary<Values> = fc.record(
  {
    name: filled,
    email: fc.emailAddress().map(through(email)),
    phone: fc.constantFrom('+16715550123', '+6804885555'),
    address: filled,
    about: filled,
    currentPosition: filled,
    currentEmployer: filled,
    consent: fc.boolean(),
  },
  { requiredKeys: [] },
);

const month = fc.option(
  fc
    .record({ year: fc.integer({ min: 1950, max: 2030 }), month: fc.integer({ min: 1, max: 12 }) })
    .map(({ year, month }) => through(day)(`${year}-${String(month).padStart(2, '0')}`)),
);

/** Changes of a school that we made there: any field, and empty ones too. */
export const educationChanges: fc.Arbitrary<Values> = fc.record(
  {
    ...{ school: filled, degree: line, subject: line, location: line, description: line },
    ...{ startedOn: month, endedOn: month },
  },
  { requiredKeys: [] },
);

/** The same of a job somebody had. */
export const experienceChanges: fc.Arbitrary<Values> = fc.record(
  {
    ...{ title: filled, employer: filled, location: line, description: line },
    ...{ startedOn: month, endedOn: month, isCurrent: fc.boolean() },
  },
  { requiredKeys: [] },
);
/** A job of ours that says everything it can. */
export const newJob: Values = {
  ...{ title: 'Diver', descriptionHtml: '<p>Dive</p>', employmentType: 'part_time', remote: false },
  ...{ address: '12 Reef Rd.', city: 'Koror', state: null, country: 'Palau', zipcode: '96940' },
  ...{ payMin: '12.5', payMax: '15', payCurrency: 'USD', payPeriod: 'hour', payVisible: true },
  ...{ headcount: 2, closesAt: '2027-05-01T10:00:00.000Z', status: 'paused', published: true },
  'customFields.shift': 'night',
  'customFields.level': 'json:["B"]',
};
