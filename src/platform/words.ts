// Letters that Unicode does not take apart into a plain letter and a mark.
const PLAIN: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ŋ: 'ng',
};

/** The apostrophe, and the marks that stand for the glottal stop in the islands' languages. */
const APOSTROPHES = /['’‘`´ʻʼʾʿˈ′]/g;

/** Lower case, no accents, no apostrophes: 'Hagåtña' and 'hagatna' become the same. */
function foldLetters(text: string): string {
  return text
    .toLowerCase()
    .replace(APOSTROPHES, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[ßæœøłđðþıŋ]/g, (letter) => PLAIN[letter] ?? letter)
    .replace(APOSTROPHES, '');
}

const ASCII = /^[\0-\x7f]*$/;

/** The same for text without any foreign letter, which most is, at a fifth of the time. */
const foldAscii = (text: string) =>
  text
    .toLowerCase()
    .replace(/['`]/g, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** Plain words with single spaces between them. Folding twice changes nothing. */
export function foldText(text: string): string {
  if (ASCII.test(text)) return foldAscii(text);
  return foldLetters(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** What a person typed into the search box, folded; quotation marks and a leading minus keep their meaning. */
export function foldQuery(typed: string): string {
  const words = typed
    .replace(/[“”„«»]/g, '"')
    .split(/\s+/)
    .map((word) => {
      const minus = /^-["\p{L}\p{N}]/u.test(word) ? '-' : '';
      const folded = foldLetters(word)
        .replace(/[^\p{L}\p{N}"]+/gu, ' ')
        .trim();
      return folded && minus + folded;
    });
  const query = words.filter(Boolean).join(' ');
  return /[\p{L}\p{N}]/u.test(query) ? query : '';
}

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** The text of sanitised HTML, for searching and summaries. */
export function plainText(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|(\w+));/gi, (whole, decimal, hex, name) => {
      const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : null;
      if (code !== null) return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
      return ENTITIES[name] ?? whole;
    })
    .replace(/\s+/g, ' ')
    .trim();
}

/** The start of a text, cut between words and never inside a letter. */
export function startOf(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  const cut = text.slice(0, charactersMax);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), charactersMax / 2)).replace(/[\ud800-\udbff]$/, '')}…`;
}

const SLUG_CHARACTERS_MAX = 60;
const SLUG_ID_CHARACTERS = 8;

/**
 * 'front-desk-associate-9f2c41aa': readable, and unique through the end of the id, which is the part
 * of a UUID version 7 that chance makes. A title without any Latin letter becomes 'job-9f2c41aa'.
 */
export function slugOf(title: string, id: string): string {
  const words = foldText(title)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const short = words
    .slice(0, SLUG_CHARACTERS_MAX + 1)
    .replace(/-[^-]*$/, (tail) => (words.length > SLUG_CHARACTERS_MAX ? '' : tail));
  const tail = id.replaceAll('-', '').slice(-SLUG_ID_CHARACTERS);
  return `${(short || 'job').slice(0, SLUG_CHARACTERS_MAX)}-${tail}`;
}
