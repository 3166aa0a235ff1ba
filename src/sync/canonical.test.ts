import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as canonical from './canonical.ts';

const all = {
  text: canonical.text,
  email: canonical.email,
  phone: canonical.phone,
  html: canonical.html,
  decimal: canonical.decimal,
  amount: canonical.amount,
  integer: canonical.integer,
  yesNo: canonical.yesNo,
  instant: canonical.instant,
  choice: canonical.choice({ active: 'open', on_hold: 'paused' }, ['removed']),
};

const canonicalValue = (read: ReturnType<canonical.Canonical>) => {
  if ('problem' in read) throw new Error(read.problem);
  return read.value;
};

for (const [name, read] of Object.entries(all)) {
  test(`[M5] ${name}: what is canonical stays as it is, however often it is read`, () => {
    const words = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '12.50',
        '007',
        ' Ana@B.example ',
        '<p>a<br>b</p>',
        '+1 671 555 0123',
        'active',
        'x',
      ),
      fc.constantFrom('2027-01-12', '2027-01-12T09:41:33.902711Z', '2027-01-12 09:41:33+10:00'),
    );
    const any = fc.oneof(
      words,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(any, (raw) => {
        const once = read(raw);
        if ('problem' in once) return;
        expect(read(once.value)).toEqual(once);
      }),
    );
  });
}

test('[M5] different spellings of one value are one value', () => {
  expect(canonicalValue(all.decimal('12.50'))).toBe(canonicalValue(all.decimal(12.5)));
  expect(canonicalValue(all.decimal('2100.00'))).toBe('2100');
  expect(canonicalValue(all.amount('0.00'))).toBeNull();
  expect(canonicalValue(all.email(' Ana@Guam.example'))).toBe('ana@guam.example');
  expect(canonicalValue(all.phone('+1 (671) 555-0123'))).toBe('+16715550123');
  expect(canonicalValue(all.text('Haga\u030atn\u0303a'))).toBe('Hagåtña');
  expect(canonicalValue(all.text('  '))).toBeNull();
  const instants = ['2027-01-12T09:41:33Z', '2027-01-12 09:41:33', '2027-01-12T19:41:33+10:00'];
  expect(new Set(instants.map((text) => canonicalValue(all.instant(text)))).size).toBe(1);
  expect(canonicalValue(all.html('<p>a<br/>b</p>'))).toBe(
    canonicalValue(all.html('<p>a<br>b</p>')),
  );
});

test('[M7] a word that we do not know is kept as it is, and marked', () => {
  expect(canonicalValue(all.choice('active'))).toBe('open');
  expect(canonicalValue(all.choice('removed'))).toBe('removed');
  expect(canonicalValue(all.choice('frozen by account'))).toBe('other:frozen by account');
  expect(canonicalValue(all.choice('toString'))).toBe('other:toString');
});

test('[F1] a value of another kind is a problem in words, never an exception', () => {
  expect(all.text({ a: 1 })).toHaveProperty('problem');
  expect(all.instant('soon')).toHaveProperty('problem');
  expect(all.integer('twelve')).toHaveProperty('problem');
  expect(all.yesNo('yes')).toHaveProperty('problem');
  expect(all.decimal([1])).toHaveProperty('problem');
});
