import sanitizeHtml from 'sanitize-html';

const shownTags = [
  'p', 'br', 'h2', 'h3', 'h4', 'ul', 'ol', 'li', 'strong', 'em', 'b', 'i', 'u', 'a', 'blockquote', 'hr',
]; // biome-ignore format: one line reads better

/** Addresses a link may have; one of another kind loses its address and keeps its words. */
const followable = /^(?:https?:\/\/|mailto:|tel:)/i;

/** Text and bare, well-nested tags of these kinds need no parser: most descriptions are no more. */
const bareTag =
  /<(\/?)(p|br(?: \/)?|h2|h3|h4|ul|ol|li|strong|em|b|i|u|blockquote)>|[<>]|&(?!amp;|lt;|gt;)/g;

const headings = ['h2', 'h3', 'h4'];
/** What a parser ends by itself when one of these begins inside. */
const endedBy: Readonly<Record<string, readonly string[]>> = {
  p: ['p', 'ul', 'ol', 'blockquote', ...headings],
  h2: headings,
  h3: headings,
  h4: headings,
  li: ['li'],
};

/** True when sanitising would give the very same string back, found without a parser. */
function isPlainlySafe(html: string): boolean {
  const open: string[] = [];
  for (const match of html.matchAll(bareTag)) {
    const tag = match[2];
    if (!tag) return false;
    if (tag.startsWith('br')) {
      if (match[1]) return false;
      continue;
    }
    if (match[1]) {
      if (open.pop() !== tag) return false;
      continue;
    }
    if (endedBy[open.at(-1) ?? '']?.includes(tag)) return false;
    open.push(tag);
  }
  return open.length === 0;
}

/**
 * Makes foreign HTML safe to show, and the same however often it is done: sanitising twice changes
 * nothing, so a round trip is not a change. [M5]
 * Scripts, styles, images, event handlers and foreign link schemes are dropped, their text kept.
 */
export function sanitisedHtml(html: string): string {
  let text = html.normalize('NFC').replace(/\r\n?/g, '\n').trim();
  // What is left of broken nesting may be read differently the next time: until it stays as it is.
  for (let pass = 0; pass < passesMax; pass++) {
    if (isPlainlySafe(text)) return text.replaceAll('<br>', '<br />');
    const cleaned = parsedAndCleaned(text);
    if (cleaned === text) return text;
    text = cleaned;
  }
  return text;
}

const passesMax = 5;

function parsedAndCleaned(html: string): string {
  return sanitizeHtml(html, {
    allowedTags: shownTags,
    allowedAttributes: { a: ['href', 'rel'] },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowProtocolRelative: false,
    transformTags: {
      h1: 'h2',
      h5: 'h4',
      h6: 'h4',
      div: 'p',
      a: (_name, { href }) => {
        const attribs: Record<string, string> = {};
        if (href && followable.test(href))
          Object.assign(attribs, { href, rel: 'nofollow noopener' });
        return { tagName: 'a', attribs };
      },
    },
  }).trim();
}

/** The words of an HTML text without its tags, for search and for comparing notes. */
export function plainText(html: string): string {
  const bare = sanitizeHtml(html.replace(/<(br|\/p|\/li|\/h\d|\/div)\b[^>]*>/gi, '$& '), {
    allowedTags: [],
    allowedAttributes: {},
  });
  return bare
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Plain text as HTML paragraphs: escaped, empty lines part paragraphs, single ones break lines. */
export function htmlOfText(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter(Boolean)
    .map((paragraph) => `<p>${paragraph.replaceAll('\n', '<br />')}</p>`)
    .join('');
}
