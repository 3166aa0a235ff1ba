import type { Fields } from './siteRows.ts';
import { isObject, valueAt, wrong } from './values.ts';

/** Where TEXT may stand; anywhere else is refused. (v) 7.1 */
const HOLDS_TEXT = new Set(['PARAGRAPH', 'HEADING', 'CODE_BLOCK']);

/** What each known node may hold; null is anything but TEXT. (c) 7.1 */
const NODES: Record<string, readonly string[] | null> = {
  PARAGRAPH: ['TEXT'],
  HEADING: ['TEXT'],
  CODE_BLOCK: ['TEXT'],
  TEXT: [],
  BULLETED_LIST: ['LIST_ITEM'],
  ORDERED_LIST: ['LIST_ITEM'],
  LIST_ITEM: ['PARAGRAPH', 'BULLETED_LIST', 'ORDERED_LIST'],
  BLOCKQUOTE: ['PARAGRAPH'],
  DIVIDER: [],
  BUTTON: [],
  HTML: [],
  IMAGE: ['CAPTION'],
  CAPTION: null,
};
/** Nodes of the editor that nobody here writes: taken as they are. */
const OTHER_NODES = new Set([
  ...['GALLERY', 'VIDEO', 'AUDIO', 'GIF', 'FILE', 'EMBED', 'LINK_PREVIEW', 'MAP', 'POLL'],
  ...['TABLE', 'TABLE_ROW', 'TABLE_CELL', 'COLLAPSIBLE_LIST', 'COLLAPSIBLE_ITEM'],
  ...['COLLAPSIBLE_ITEM_TITLE', 'COLLAPSIBLE_ITEM_BODY', 'LAYOUT', 'LAYOUT_CELL'],
]);
const DECORATIONS = new Set([
  ...['BOLD', 'ITALIC', 'UNDERLINE', 'LINK', 'COLOR', 'FONT_SIZE', 'MENTION', 'ANCHOR'],
  ...['SPOILER', 'EXTERNAL', 'STRIKETHROUGH', 'SUPERSCRIPT', 'SUBSCRIPT'],
]);

/** How deep nodes may nest here; no document that an editor makes comes near. */
const DEPTH_MAX = 30;

/** Throws a refusal that names the wrong node. Source: reference/wix.md 6.7, 7.1 */
export function checkRicos(document: unknown, field: string): Fields {
  if (!isObject(document) || !Array.isArray(document.nodes)) {
    throw wrong(field, 'must be a Ricos document with nodes');
  }
  checkNodes(document.nodes, { at: `${field}.nodes`, parent: null, depth: 0 });
  return document;
}

function checkNodes(
  nodes: unknown[],
  { at, parent, depth }: { at: string; parent: string | null; depth: number },
): void {
  if (depth > DEPTH_MAX) throw wrong(at, 'is nested too deep', 'OTHER');
  for (const [index, node] of nodes.entries()) {
    const here = `${at}[${index}]`;
    if (!isObject(node)) throw wrong(here, 'must be a node');
    const type = String(node.type);
    checkPlace(type, parent, here);
    checkData(node, type, here);
    const children = node.nodes ?? [];
    if (!Array.isArray(children)) throw wrong(`${here}.nodes`, 'must be an array');
    checkNodes(children, { at: `${here}.nodes`, parent: type, depth: depth + 1 });
  }
}

function checkPlace(type: string, parent: string | null, here: string): void {
  if (!Object.hasOwn(NODES, type) && !OTHER_NODES.has(type)) {
    throw wrong(`${here}.type`, `${type} is not a node`, 'OTHER');
  }
  if (type === 'TEXT' && !HOLDS_TEXT.has(parent ?? '')) {
    const text = `TEXT must be inside PARAGRAPH, HEADING or CODE_BLOCK, not ${parent ?? 'the root'}`;
    throw wrong(here, text, 'OTHER');
  }
  const allowed = parent === null ? null : NODES[parent];
  if (allowed && !allowed.includes(type)) {
    throw wrong(here, `${type} must not be inside ${parent}`, 'OTHER');
  }
  if (type === 'LIST_ITEM' && parent !== 'BULLETED_LIST' && parent !== 'ORDERED_LIST') {
    throw wrong(here, 'LIST_ITEM must be inside a list', 'OTHER');
  }
}

function checkData(node: Fields, type: string, here: string): void {
  if (type === 'TEXT') {
    if (typeof valueAt(node, 'textData.text') !== 'string') {
      throw wrong(`${here}.textData.text`, 'must be a string');
    }
    checkDecorations(valueAt(node, 'textData.decorations') ?? [], `${here}.textData.decorations`);
  }
  if (type === 'HEADING') {
    const level = valueAt(node, 'headingData.level');
    if (typeof level !== 'number' || level < 1 || level > 6) {
      throw wrong(`${here}.headingData.level`, 'must be 1 to 6', 'OUT_OF_RANGE');
    }
  }
  if (type === 'BUTTON' && typeof valueAt(node, 'buttonData.text') !== 'string') {
    throw wrong(`${here}.buttonData.text`, 'must be a string');
  }
}

/** A flat list: decorations hold no other formatting. (v) 7.1 */
function checkDecorations(decorations: unknown, here: string): void {
  if (!Array.isArray(decorations)) throw wrong(here, 'must be an array');
  for (const [index, decoration] of decorations.entries()) {
    const type = isObject(decoration) ? String(decoration.type) : '';
    if (!DECORATIONS.has(type)) throw wrong(`${here}[${index}].type`, 'is not a decoration');
    const url = valueAt(decoration, 'linkData.link.url');
    if (type === 'LINK' && (typeof url !== 'string' || !URL.canParse(url))) {
      throw wrong(`${here}[${index}].linkData.link.url`, 'must be an address');
    }
  }
}

/** All text of a document, blocks on lines of their own. */
export function textOf(document: unknown): string {
  const lines: string[] = [];
  const walk = (nodes: unknown): void => {
    for (const node of Array.isArray(nodes) ? nodes : []) {
      const children = isObject(node) && Array.isArray(node.nodes) ? node.nodes : [];
      const texts = children.map((child) => valueAt(child, 'textData.text'));
      if (texts.some((text) => typeof text === 'string')) lines.push(texts.join(''));
      else walk(children);
    }
  };
  walk(isObject(document) ? document.nodes : []);
  return lines.join('\n');
}

/** Paragraphs of plain text as a document. */
export function ricosOf(text: string): Fields {
  const paragraphs = text.split(/\n+/).filter((line) => line.trim() !== '');
  const nodes = paragraphs.map((line, at) => ({
    type: 'PARAGRAPH',
    id: `p${at + 1}`,
    nodes: [{ type: 'TEXT', id: '', nodes: [], textData: { text: line, decorations: [] } }],
    paragraphData: { textStyle: { textAlignment: 'AUTO' } },
  }));
  return { nodes, metadata: { version: 1 }, documentStyle: {} };
}
