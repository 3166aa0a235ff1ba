import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { phoneWords, readPhone } from './phone.ts';
import { ABOUT_LENGTH_MAX, characterCount, readProfile } from './profile.ts';

const empty = { name: 'Maria Example', phone: '', address: '', territory: '', about: '' };

describe('phones are read in the territory of the student', () => {
  test.each([
    ['649 1234', 'GU', '+16716491234'],
    ['(670) 234-1234', 'MP', '+16702341234'],
    ['488 1234', 'PW', '+6804881234'],
    ['320 1234', 'FM', '+6913201234'],
    ['625 1234', 'MH', '+6926251234'],
    ['+1 671 649 1234', null, '+16716491234'],
    ['+63 917 123 4567', 'GU', '+639171234567'],
    ['  ', 'GU', null],
  ] as const)('%s in %s is %s', (typed, territory, value) => {
    expect(readPhone(typed, territory)).toEqual({ ok: true, value });
  });

  test('seven digits without a territory ask for it', () => {
    expect(readPhone('649 1234', null)).toEqual({ ok: false, reason: 'needs_territory' });
  });

  test.each(['12', 'call me', '+1 671 649 12345 678'])('%s is not a number', (typed) => {
    expect(readPhone(typed, 'GU')).toEqual({ ok: false, reason: 'not_a_number' });
  });

  test('what is shown reads back to the same number', () => {
    for (const stored of ['+16716491234', '+6804881234', '+639171234567']) {
      expect(readPhone(phoneWords(stored), null)).toEqual({ ok: true, value: stored });
    }
  });
});

describe('a profile as typed', () => {
  test('is made plain', () => {
    const typed = {
      ...empty,
      name: '  Maria \t Example ',
      about: 'One\r\nTwo\u0007 ',
      territory: 'GU',
    };
    expect(readProfile(typed)).toEqual({
      ok: true,
      value: {
        name: 'Maria Example',
        phone: null,
        address: null,
        territory: 'GU',
        about: 'One\nTwo',
      },
    });
  });

  test('says what is wrong with each field', () => {
    const typed = {
      name: '',
      phone: '12',
      address: 'x'.repeat(201),
      territory: 'US',
      about: 'x'.repeat(ABOUT_LENGTH_MAX + 1),
    };
    const read = readProfile(typed);
    expect(read.ok ? [] : Object.keys(read.errors).sort()).toEqual([
      'about',
      'address',
      'name',
      'phone',
      'territory',
    ]);
  });

  test('letters of two code points count once', () => {
    expect(characterCount('M\u0327ajro\u0304')).toBe(5);
    const about = 'm\u0327'.repeat(ABOUT_LENGTH_MAX);
    expect(readProfile({ ...empty, about }).ok).toBe(true);
  });

  test('reading twice changes nothing more', () => {
    const words = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(fc.record({ name: words, address: words, about: words }), (some) => {
        const once = readProfile({ ...empty, ...some });
        if (!once.ok) return;
        const { name, address, about } = once.value;
        const twice = readProfile({ ...empty, name, address: address ?? '', about: about ?? '' });
        expect(twice).toEqual(once);
      }),
    );
  });
});
