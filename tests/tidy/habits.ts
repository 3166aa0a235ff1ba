import { type ESTree, Visitor } from 'vite';
import { faultAt, isTest, type Source } from './source.ts';

const linesMax = 300;

/** What only one file may use, so that the simulation can put something else in its place. */
const soleUses: { use: string; files: string[]; inBrowser?: true }[] = [
  { use: 'process.env', files: ['src/config.ts'] },
  { use: 'fetch', files: ['src/platform/httpClient.ts'] },
  { use: 'Date.now', files: ['src/platform/clock.ts'] },
  { use: 'new Date()', files: ['src/platform/clock.ts'] },
  { use: 'Math.random', files: ['src/platform/random.ts'] },
  { use: 'setTimeout', files: ['src/platform/clock.ts'], inBrowser: true },
  { use: 'setInterval', files: ['src/platform/clock.ts'], inBrowser: true },
];

/** Files in which React Router asks for a default export. */
const defaultExports = /^src\/(routes\.ts|.*\.tsx)$/;

const vagueRooms = /(^|\/)(utils?|helpers?|misc|common)(\/|\.|$)/i;

/** What a file of the program does that none should. */
export function habitFaults(source: Source): string[] {
  const { file } = source;
  const faults = [...fileFaults(source), ...wordFaults(source)];
  const add = (start: number, reason: string) => faults.push(faultAt(source, start, reason));
  if (file.startsWith('src/') && !isTest(file)) {
    for (const { use, start } of usesIn(source)) {
      const rule = soleUses.find((candidate) => candidate.use === use);
      const inBrowser = file.endsWith('.tsx') || file.startsWith('src/look/');
      if (!rule || rule.files.includes(file) || (rule.inBrowser && inBrowser)) continue;
      add(start, `uses ${use}, which only ${rule.files.join(', ')} may`);
    }
  }
  new Visitor({
    ExportDefaultDeclaration(node) {
      if (!defaultExports.test(file)) add(node.start, 'exports a default; give it a name');
    },
    TSAsExpression(node) {
      if (node.typeAnnotation.type === 'TSAnyKeyword') add(node.start, 'says "as any"');
    },
    CallExpression(node) {
      const called = nameOf(node.callee);
      if (/^(test|it|describe)\.(skip|only|todo)/.test(called)) {
        add(node.start, `leaves tests out by ${called}`);
      }
    },
  }).visit(source.program);
  return faults;
}

function fileFaults(source: Source): string[] {
  const faults: string[] = [];
  const lines = source.text.trimEnd().split('\n').length;
  if (lines > linesMax) faults.push(faultAt(source, 0, `has ${lines} lines; split it by question`));
  if (vagueRooms.test(source.file)) {
    faults.push(faultAt(source, 0, 'is named for no subject; name it for what it answers'));
  }
  const passesOn = source.program.body.every(
    (node) => /^Export(All|Named)Declaration$/.test(node.type) && 'source' in node && node.source,
  );
  if (source.program.body.length > 0 && passesOn) {
    faults.push(faultAt(source, 0, 'only passes on other files; import those'));
  }
  return faults;
}

// The words are put together so that this file does not accuse itself.
const unfinished = new RegExp(
  `\\b(${['TO', 'FIX'].map((word) => `${word}DO|${word}ME`).join('|')})\\b`,
);
const silencers = /@ts-(ignore|nocheck|expect-error)/;

function wordFaults(source: Source): string[] {
  return source.comments.flatMap(({ value, start }) => {
    const word = unfinished.exec(value) ?? silencers.exec(value);
    return word ? [faultAt(source, start, `says ${word[0]}; do it, or say why not`)] : [];
  });
}

interface Use {
  use: string;
  start: number;
}

function usesIn(source: Source): Use[] {
  const uses: Use[] = [];
  const declared = declaredNames(source);
  const add = (use: string, start: number) => uses.push({ use, start });
  new Visitor({
    MemberExpression(node) {
      add(nameOf(node).replace(/^globalThis\./, ''), node.start);
    },
    NewExpression(node) {
      if (nameOf(node.callee) === 'Date' && node.arguments.length === 0)
        add('new Date()', node.start);
    },
    CallExpression(node) {
      const called = nameOf(node.callee);
      // A function that was handed in under this name is not the global one.
      if (!called.includes('.') && !declared.has(called)) add(called, node.start);
    },
  }).visit(source.program);
  return uses;
}

function declaredNames(source: Source): Set<string> {
  const names = new Set<string>();
  const add = (pattern: ESTree.Node | null) => {
    if (pattern?.type === 'Identifier') names.add(pattern.name);
    if (pattern?.type === 'AssignmentPattern') add(pattern.left);
    if (pattern?.type !== 'ObjectPattern') return;
    for (const property of pattern.properties) {
      add(property.type === 'Property' ? property.value : property.argument);
    }
  };
  new Visitor({
    VariableDeclarator(node) {
      add(node.id);
    },
    FunctionDeclaration(node) {
      node.params.forEach(add);
    },
    FunctionExpression(node) {
      node.params.forEach(add);
    },
    ArrowFunctionExpression(node) {
      node.params.forEach(add);
    },
  }).visit(source.program);
  return names;
}

/** `a.b.c` for a chain of plain names, else an empty text at the part that is none. */
function nameOf(node: ESTree.Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier') return '';
  return `${nameOf(node.object)}.${node.property.name}`;
}
