import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ESTree, parseSync } from 'vite';

/** One file of ours, read and parsed. */
export interface Source {
  /** From the project's folder, with slashes: `src/jobs/store.ts`. */
  file: string;
  text: string;
  program: ESTree.Program;
  comments: { value: string; start: number }[];
}

const projectFolder = fileURLToPath(new URL('../..', import.meta.url));

/** Every TypeScript file below these folders. */
export function readSources(folders: string[]): Source[] {
  return folders
    .flatMap((folder) => fs.globSync(`${folder}/**/*.{ts,tsx}`, { cwd: projectFolder }))
    .map((file) => file.split(path.sep).join('/'))
    .sort()
    .map((file) => parse(file, readText(file)));
}

export const readText = (file: string) => fs.readFileSync(path.join(projectFolder, file), 'utf8');

/** Also for snippets that tests make up. */
export function parse(file: string, text: string): Source {
  const { program, comments, errors } = parseSync(file, text);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  return { file, text, program, comments };
}

/** A fault as one line that an editor can jump to. */
export function faultAt(source: Source, start: number, reason: string): string {
  return `${source.file}:${source.text.slice(0, start).split('\n').length} ${reason}`;
}

export const isTest = (file: string) => /\.test\.tsx?$/.test(file);

/** Tests, and the worlds and servers they stand on: `testWorld.ts`, `testDatabase.ts`. */
export const isForTests = (file: string) => /(\.test\.tsx?|\/test[A-Z]\w*\.ts)$/.test(file);
