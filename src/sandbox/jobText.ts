import type { Random } from '#src/platform/random.ts';
import type { JobKind } from './worldKinds.ts';

const OFFERS = [
  'Paid training in your first weeks',
  'A meal on every shift',
  'Health plan after ninety days',
  'Uniforms, washed for you',
  'Shifts planned around your classes',
  'Help with the ferry or bus fare',
  'Two paid days a year for community work',
  'A written contract in plain English',
];
const CLOSINGS = [
  'Students of colleges in the region are very welcome to apply; tell us your class times and we plan around them.',
  'Citizens of Palau, the Federated States of Micronesia and the Marshall Islands can work in the United States and its territories under the Compacts. You are welcome here.',
  'You do not have to meet every point. If you learn fast and turn up, write to us.',
  'We read every application, and you hear from us within two weeks either way.',
];
const HOURS = [
  'Hours are posted two weeks ahead.',
  'The usual week is five days, with two days off in a row.',
  'Start as soon as you can; we hold the place for the right person.',
  'There is parking, and the bus stops outside.',
];

/**
 * A job description as a recruiter would paste it: HTML paragraphs and lists, 600 to 2000 characters.
 * The same chance gives the same text.
 */
export function writeDescription(
  kind: JobKind,
  where: { employer: string; city: string },
  random: Random,
): string {
  const offers = draw(OFFERS, 3, random);
  const intro = `${kind.opening} ${where.employer} is looking for a ${kind.title.toLowerCase()} in ${where.city}.`;
  const parts = [
    paragraph(intro),
    paragraph(pick(HOURS, random)),
    '<h3>What you will do</h3>',
    list(kind.duties),
    '<h3>What you bring</h3>',
    list(kind.asks),
    `<p><strong>What we offer</strong></p>${list(offers)}`,
    paragraph(pick(CLOSINGS, random)),
  ];
  return parts.join('\n');
}

function paragraph(text: string): string {
  return `<p>${escapeText(text)}</p>`;
}

function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escapeText(item)}</li>`).join('')}</ul>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[random.integer(items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

function draw<Item>(items: readonly Item[], count: number, random: Random): Item[] {
  const left = [...items];
  return Array.from({ length: count }, () => left.splice(random.integer(left.length), 1)).flat();
}
