import path from 'node:path';
import { type ESTree, Visitor } from 'vite';
import { faultAt, isForTests, readText, type Source } from './source.ts';

/** From the ground up; what stands in one line may use each other. */
const shelves = [
  ['platform', 'look'],
  ['sync'],
  // The product: a room may use the rooms before it.
  ['accounts'],
  ['privacy'],
  ['notices'],
  ['organizations'],
  ['students'],
  ['jobs'],
  ['applications'],
  ['contacts'],
  ['forms'],
  ['members'],
  ['posts'],
  ['integrations'],
  ['analytics'],
  ['providers'],
  ['sandbox'],
  // Files that stand in `src` itself know everybody, and so do these.
  // The simulation puts the whole program together, as the commands do.
  ['', 'web', 'commands', 'sandbox/simulation'],
];

/** What the site map names: pages, and addresses without a page such as downloads. */
const siteMap = readText('src/routes.ts').match(/(?<=')[\w/]+\.tsx?(?=')/g);

/** How pages reach the running program; the only thing they take from above. */
const pageContext = 'src/pageContext.ts';

/**
 * Imports that point upward, from natively run code to a page, or to what is only there for tests.
 * Tests may import anything.
 */
export function shelfFaults(source: Source): string[] {
  const { file } = source;
  if (isForTests(file)) return [];
  const own = heightOf(file);
  if (own === null) return [faultAt(source, 0, 'stands in a room that no shelf lists')];
  return importsOf(source).flatMap(({ specifier, start, typeOnly }) => {
    const target = resolve(file, specifier);
    if (target === null) return [];
    if (target.endsWith('.tsx') && !typeOnly && isNative(file)) {
      return [faultAt(source, start, `imports the page ${target}, which only Vite can read`)];
    }
    if (isForTests(target)) {
      return [faultAt(source, start, `imports ${target}, which is there for tests only`)];
    }
    const theirs = heightOf(target);
    const isPage = file.endsWith('.tsx') || siteMap?.includes(file.slice('src/'.length));
    if ((isPage && target === pageContext) || (theirs !== null && theirs <= own)) return [];
    return [faultAt(source, start, `imports ${target} from a higher shelf`)];
  });
}

/** Null for a folder that is not on any shelf. */
function heightOf(file: string): number | null {
  const parts = file.split('/');
  const room = parts.length > 2 ? parts[1]! : '';
  const nested = parts.slice(1, 3).join('/');
  const name = shelves.flat().includes(nested) ? nested : room;
  const height = shelves.findIndex((rooms) => rooms.includes(name));
  return height === -1 ? null : height;
}

function resolve(file: string, specifier: string): string | null {
  const plain = specifier.replace(/\?.*$/, '');
  if (plain.startsWith('#src/')) return `src/${plain.slice('#src/'.length)}`;
  // React Router writes the types of a page under `+types`.
  if (!plain.startsWith('.') || plain.includes('/+types/')) return null;
  return path.posix.join(path.posix.dirname(file), plain);
}

// The bundle's own TypeScript files stand beside the pages and may import them.
const isNative = (file: string) => file.endsWith('.ts') && !file.startsWith('src/look/');

interface Import {
  specifier: string;
  start: number;
  typeOnly: boolean;
}

function importsOf(source: Source): Import[] {
  const found: Import[] = [];
  const add = (from: ESTree.Expression | ESTree.StringLiteral | null, typeOnly: boolean) => {
    if (from?.type !== 'Literal' || typeof from.value !== 'string') return;
    found.push({ specifier: from.value, start: from.start, typeOnly });
  };
  new Visitor({
    ImportDeclaration(node) {
      add(node.source, node.importKind === 'type');
    },
    ExportNamedDeclaration(node) {
      add(node.source, node.exportKind === 'type');
    },
    ExportAllDeclaration(node) {
      add(node.source, node.exportKind === 'type');
    },
    ImportExpression(node) {
      add(node.source, false);
    },
    TSImportType(node) {
      add(node.source, true);
    },
  }).visit(source.program);
  return found;
}
