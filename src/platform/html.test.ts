import fc from 'fast-check';
import { expect, test } from 'vitest';
import { htmlOfText, plainText, sanitisedHtml } from './html.ts';

const fragments = fc.array(
  fc.constantFrom(
    '<p>',
    '</p>',
    '<br>',
    '<br/>',
    '<ul>',
    '<li>',
    '</li>',
    '</ul>',
    '<script>',
    '</script>',
    '<b>',
    '</b>',
    '<a href="javascript:alert(1)">',
    '<a href="https://reef.example">',
    '</a>',
    '<img src=x onerror=y>',
    '<',
    '>',
    '&',
    '&amp;',
    '&lt;script&gt;',
    '"',
    "'",
    '<div>',
    '</div>',
    '<style>',
    '<h1>',
    '</h1>',
    'text',
    ' ',
    '\n',
    '<svg/onload=z>',
    '<!--',
    '-->',
    '<p style="x">',
    '\u0000',
    'å',
    '<iframe src=//x>',
  ),
  { maxLength: 14 },
);

test('[M5] sanitising twice is the same as once, whatever comes in', () => {
  fc.assert(
    fc.property(fragments, (parts) => {
      const once = sanitisedHtml(parts.join(''));
      expect(sanitisedHtml(once)).toBe(once);
    }),
    { numRuns: 500 },
  );
});

test('nothing that runs survives', () => {
  fc.assert(
    fc.property(fragments, (parts) => {
      const safe = sanitisedHtml(parts.join(''));
      expect(safe).not.toMatch(/<(script|style|iframe|svg|img|object|embed|form|input)/i);
      expect(safe).not.toMatch(/<[^>]*\son\w+\s*=/i);
      expect(safe).not.toMatch(/href="(?!https?:|mailto:|tel:)/i);
    }),
    { numRuns: 500 },
  );
});

test('plain text says what the eye reads; text becomes paragraphs and comes back', () => {
  expect(plainText('<p>Lead a team.</p><ul><li>Nights</li><li>R&amp;D</li></ul>')).toBe(
    'Lead a team. Nights R&D',
  );
  expect(htmlOfText('One\ntwo\n\n<b>three</b>')).toBe(
    '<p>One<br />two</p><p>&lt;b&gt;three&lt;/b&gt;</p>',
  );
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(plainText(htmlOfText(text))).toBe(
        text.replaceAll('\u00a0', ' ').replace(/\s+/g, ' ').trim(),
      );
    }),
  );
});

const bareTags = ['p', 'h2', 'h3', 'h4', 'ul', 'ol', 'li', 'strong', 'em', 'u', 'blockquote'];
const words = [
  'text',
  ' ',
  '\n',
  '<br>',
  '&amp;',
  '&lt;',
  '&gt;',
  '&quot;',
  '&nbsp;',
  '"',
  'å',
  '<hr>',
];
const { nested } = fc.letrec<{ nested: string }>((tie) => ({
  nested: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...words),
    fc
      .tuple(fc.constantFrom(...bareTags), fc.array(tie('nested'), { maxLength: 4 }))
      .map(([tag, inside]) => `<${tag}>${inside.join('')}</${tag}>`),
  ),
}));

test('the short way for plain HTML ends where the parser ends', () => {
  fc.assert(
    fc.property(nested, (html) => {
      // A comment is dropped, and only the parser can drop it.
      expect(sanitisedHtml(html)).toBe(sanitisedHtml(`${html}<!-- -->`));
    }),
    { numRuns: 20_000 },
  );
});
